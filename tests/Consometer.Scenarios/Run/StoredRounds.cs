using System.Globalization;
using Consometer.Scenarios.Lab;
using Microsoft.Data.Sqlite;

namespace Consometer.Scenarios.Run;

/// <summary>A round in the store.</summary>
/// <param name="Unknown">The accounts that were unknown in it, by its report; 0 while it has none.</param>
internal sealed record StoredRound(long Id, DateTimeOffset Time, string State, long Unknown)
{
    /// <summary>What is delivered expires: its samples go, its report stays.</summary>
    public bool WasComplete => State is "complete" or "expired";
}

/// <summary>The daemon's store, read beside it as <c>usage</c> and an operator's sqlite3 would.</summary>
internal sealed class StoredRounds(string path)
{
    /// <summary>The rounds; none where there is no store yet.</summary>
    public StoredRound[] All()
    {
        if (!HasTables())
        {
            return [];
        }

        return Read(
            "SELECT id, time, state, ifnull(json_extract(report, '$.unknown'), 0) FROM round ORDER BY time",
            row => new StoredRound(row.GetInt64(0), DateTimeOffset.Parse(row.GetString(1), CultureInfo.InvariantCulture), row.GetString(2), row.GetInt64(3)));
    }

    public StoredRound[] Complete() => [.. All().Where(round => round.State == "complete")];

    /// <summary>Those that were complete and knew every account.</summary>
    public StoredRound[] Whole() => [.. All().Where(round => round.WasComplete && round.Unknown == 0)];

    /// <summary>The reports of rounds that have ended, in the order of their times.</summary>
    public StoredReport[] Reports() => !HasTables() ? [] : Read(
        "SELECT time, state, report FROM round WHERE report IS NOT NULL ORDER BY time, id",
        row => new StoredReport(DateTimeOffset.Parse(row.GetString(0), CultureInfo.InvariantCulture), row.GetString(1), row.GetString(2)));

    /// <summary>What is said of accounts that were not measured in a round: account, outcome and reason.</summary>
    public (string Account, string Outcome, string Reason)[] NotMeasured(DateTimeOffset time) => Read(
        "SELECT account, outcome, ifnull(reason, ''), time FROM not_measured JOIN round ON round.id = not_measured.round WHERE round.state <> 'task'",
        row => (Said: (row.GetString(0), row.GetString(1), row.GetString(2)), Time: DateTimeOffset.Parse(row.GetString(3), CultureInfo.InvariantCulture)))
        .Where(row => row.Time == time).Select(row => row.Said).ToArray();

    /// <summary>How many messages wait for the broker.</summary>
    public long Waiting() => Read(
        "SELECT count(*) FROM outbox JOIN round ON round.id = outbox.round WHERE round.state IN ('complete', 'partial', 'task')", row => row.GetInt64(0))[0];

    /// <summary>How many messages are of rounds that have not ended.</summary>
    public long Unfinished() => Read("SELECT count(*) FROM outbox JOIN round ON round.id = outbox.round WHERE round.state = 'running'", row => row.GetInt64(0))[0];

    public Figure[] Figures(StoredRound round) => Read(
        "SELECT project_id, meter, volume FROM sample WHERE round = $round",
        row => new Figure(row.GetString(0), row.GetString(1), row.GetInt64(2)),
        round.Id);

    /// <summary>Brings SQLite's log into the database and cuts it off, so that the next write needs room on the disk.</summary>
    /// <returns>Whether nobody was in the way.</returns>
    public bool CutLog() => Read("PRAGMA wal_checkpoint(TRUNCATE)", row => row.GetInt64(0) == 0, mode: SqliteOpenMode.ReadWrite)[0];

    private bool HasTables() => File.Exists(path) && Read("SELECT name FROM sqlite_master WHERE name = 'round'", row => row.GetString(0)) is not [];

    private T[] Read<T>(string sql, Func<SqliteDataReader, T> map, long round = 0, SqliteOpenMode mode = SqliteOpenMode.ReadOnly)
    {
        var source = new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false };
        using var connection = new SqliteConnection(source.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$round", round);
        using var rows = command.ExecuteReader();
        var all = new List<T>();
        while (rows.Read())
        {
            all.Add(map(rows));
        }

        return [.. all];
    }
}
