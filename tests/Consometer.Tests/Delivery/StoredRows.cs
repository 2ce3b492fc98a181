using Consometer.Metering.Rounds;
using Microsoft.Data.Sqlite;

namespace Consometer.Tests.Delivery;

/// <summary>The store as another process sees it, and reports to end rounds with.</summary>
internal static class StoredRows
{
    /// <summary>Runs any SQL; the first column of what it gives.</summary>
    public static List<string> Read(string file, string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var values = new List<string>();
        while (reader.Read())
        {
            values.Add(reader.GetString(0));
        }

        return values;
    }

    /// <summary>Of a round without accounts, which is complete unless it failed.</summary>
    public static RoundReport Report(string? failure = null) => new()
    {
        RoundTime = "2026-11-21T13:00:00Z",
        Started = ManualClock.Start,
        Seconds = 1.5,
        ListingSeconds = 0,
        Accounts = 0,
        Measured = 0,
        Absent = 0,
        Deleted = 0,
        Unknown = 0,
        UnknownByReason = new Dictionary<string, long>(),
        Disagreeing = 0,
        Unlisted = 0,
        Samples = 0,
        Nodes = [],
        Failure = failure,
    };
}
