using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Consometer.Benchmarks.Lab;

/// <summary>What the report of a round says, as far as it is wanted here.</summary>
internal sealed record StoredReport(
    double Seconds, double ListingSeconds, long Accounts, long Measured, long Absent, long Deleted, long Samples, IReadOnlyList<StoredNode> Nodes)
{
    /// <summary>The start of its period.</summary>
    public string RoundTime { get; init; } = "";

    /// <summary>The daemons that shared the round; empty where there was one alone.</summary>
    public IReadOnlyList<StoredWorker> Workers { get => field ?? []; init; }

    /// <summary>Sent to all servers.</summary>
    public long Requests => Nodes.Sum(node => node.Requests);

    /// <summary>The report of the last round in a store.</summary>
    public static StoredReport Last(string store) => Read(store, SqliteOpenMode.ReadWriteCreate, "SELECT report FROM round ORDER BY id DESC LIMIT 1").Single();

    /// <summary>
    /// The reports of the rounds in a store that are complete, in their order. Its daemon may be at work: who only reads does not delete SQLite's log
    /// beside it at the end.
    /// </summary>
    public static IReadOnlyList<StoredReport> Complete(string store) => Read(store, SqliteOpenMode.ReadOnly, "SELECT report FROM round WHERE state = 'complete' ORDER BY id");

    private static List<StoredReport> Read(string store, SqliteOpenMode mode, string query)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = store, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = query;
        using var reports = command.ExecuteReader();
        var read = new List<StoredReport>();
        while (reports.Read())
        {
            read.Add(JsonSerializer.Deserialize<StoredReport>(reports.GetString(0), LabRepetition.Json)!);
        }

        return read;
    }
}

/// <summary>What it says of a server.</summary>
internal sealed record StoredNode(string Node, long Requests);

/// <summary>What it says of a daemon.</summary>
internal sealed record StoredWorker(string Worker, int Tasks, long Accounts);
