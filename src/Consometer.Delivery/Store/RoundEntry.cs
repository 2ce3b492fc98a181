using System.Globalization;
using System.Text.Json;
using Consometer.Metering;
using Consometer.Metering.Polling;
using Consometer.Metering.Rounds;
using Consometer.Metering.Samples;
using Consometer.Swift.Accounts;
using Microsoft.Data.Sqlite;

namespace Consometer.Delivery.Store;

/// <summary>An account that no replica gave figures of in a round.</summary>
/// <param name="Account">Its name in Swift.</param>
/// <param name="ProjectId">Its project.</param>
/// <param name="Outcome">absent, deleted or unknown.</param>
/// <param name="Reason">Of an unknown one, what each replica said.</param>
public sealed record NotMeasured(string Account, string ProjectId, string Outcome, string? Reason);

/// <summary>A round in the store: written while it runs, then read.</summary>
public sealed class RoundEntry : IDisposable
{
    /// <summary>
    /// Accounts in a transaction: few enough for little to wait, enough that syncing costs nothing. They are collected first:
    /// a transaction that is open while servers are asked would lock other processes out for as long as those take.
    /// </summary>
    private const int AccountsPerCommit = 1000;

    private readonly SqliteConnection _connection;
    private readonly long _id;
    private readonly RoundTime _time;
    private readonly string _region;
    private readonly SqliteCommand _insertSample;
    private readonly SqliteCommand _insertNotMeasured;
    private readonly List<(AccountOutcome Outcome, IReadOnlyList<Sample> Samples)> _pending = new(AccountsPerCommit);
    private SqliteTransaction? _transaction;
    private bool _ended;

    internal RoundEntry(SqliteConnection connection, long id, RoundTime time, string region)
    {
        _connection = connection;
        _id = id;
        _time = time;
        _region = region;
        _insertSample = Command(
            "INSERT OR IGNORE INTO sample (round, resource_id, meter, project_id, volume) VALUES ($round, $resource, $meter, $project, $volume)",
            "$resource", "$meter", "$project", "$volume");
        _insertNotMeasured = Command(
            "INSERT OR IGNORE INTO not_measured (round, account, project_id, outcome, reason) VALUES ($round, $account, $project, $outcome, $reason)",
            "$account", "$project", "$outcome", "$reason");
    }

    /// <summary>Keeps what the round made of one account.</summary>
    /// <exception cref="StoreException">It cannot be written.</exception>
    public void Keep(AccountOutcome outcome, IReadOnlyList<Sample> samples)
    {
        _pending.Add((outcome, samples));
        if (_pending.Count >= AccountsPerCommit)
        {
            Write(InsertPending);
        }
    }

    /// <summary>
    /// Ends the round. A good one takes the place of an earlier one of the same period; of a failed one only the report stays.
    /// </summary>
    /// <exception cref="StoreException">It cannot be written.</exception>
    public void End(RoundReport report) => Write(() =>
    {
        InsertPending();
        Finish(report);
    });

    /// <summary>The samples, by resource and meter.</summary>
    public IEnumerable<Sample> Samples()
    {
        var meters = MeterCatalogue.All.ToDictionary(meter => meter.Name);
        using var command = Command("SELECT resource_id, meter, project_id, volume FROM sample WHERE round = $round ORDER BY resource_id, meter");
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return new Sample(meters[reader.GetString(1)], reader.GetInt64(3), reader.GetString(0), reader.GetString(2), _region, _time);
        }
    }

    /// <summary>The accounts that were not measured and have an outcome, by name.</summary>
    public IEnumerable<NotMeasured> NotMeasured(string outcome)
    {
        using var command = Command(
            "SELECT account, project_id, outcome, reason FROM not_measured WHERE round = $round AND outcome = $outcome ORDER BY account");
        command.Parameters.AddWithValue("$outcome", outcome);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return new NotMeasured(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3));
        }
    }

    /// <summary>A round that was not ended is abandoned, and never seen.</summary>
    public void Dispose()
    {
        _transaction?.Dispose();
        if (!_ended)
        {
            Abandon();
        }

        _insertSample.Dispose();
        _insertNotMeasured.Dispose();
    }

    private void Write(Action write)
    {
        try
        {
            write();
        }
        catch (SqliteException e)
        {
            throw StoreException.Unwritable(_connection, e);
        }
    }

    private void InsertPending()
    {
        _transaction = _connection.BeginTransaction();
        foreach (var (outcome, samples) in _pending)
        {
            Insert(outcome, samples);
        }

        Commit();
        _pending.Clear();
    }

    private void Insert(AccountOutcome outcome, IReadOnlyList<Sample> samples)
    {
        foreach (var sample in samples)
        {
            Insert(_insertSample, sample.ResourceId, sample.Meter.Name, sample.ProjectId, sample.Volume);
        }

        if (outcome is not AccountOutcome.Measured)
        {
            var name = outcome.GetType().Name;
            var reason = outcome is AccountOutcome.Unknown unknown ? string.Join(", ", unknown.Readings.Select(Describe)) : null;
            Insert(_insertNotMeasured, outcome.Account.Name, outcome.Account.ProjectId, name.ToLowerInvariant(), (object?)reason ?? DBNull.Value);
        }
    }

    private void Finish(RoundReport report)
    {
        var good = report.Failure is null;
        _transaction = _connection.BeginTransaction();
        var replaced = "SELECT id FROM round WHERE id <> $round AND time = (SELECT time FROM round WHERE id = $round) AND state IN "
            + (good ? "('complete', 'failed')" : "('failed')");
        var emptied = good ? replaced : $"{replaced} UNION SELECT $round";
        Execute($"DELETE FROM sample WHERE round IN ({emptied})");
        Execute($"DELETE FROM not_measured WHERE round IN ({emptied})");
        Execute($"DELETE FROM round WHERE id IN ({replaced})");
        using var command = Command("UPDATE round SET state = $state, report = $report WHERE id = $round", "$state", "$report");
        Insert(command, good ? "complete" : "failed", report.ToJson());
        Commit();
        _ended = true;
    }

    /// <summary>Only marked: deleting millions of rows would hold up whoever stops the program. The next round does it.</summary>
    private void Abandon()
    {
        try
        {
            Execute("UPDATE round SET state = 'abandoned' WHERE id = $round");
        }
        catch (SqliteException)
        {
            // It is not to be seen as it is; and what could not be written is told by whoever could not write it.
        }
    }

    private static string Describe(ReplicaReading reading)
    {
        var said = reading is ReplicaReading.Unavailable unavailable ? unavailable.Reason.ToString() : reading.GetType().Name;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{reading.Device.Ip}:{reading.Device.Port}/{reading.Device.Name} {JsonNamingPolicy.SnakeCaseLower.ConvertName(said)}");
    }

    private void Commit()
    {
        _transaction?.Commit();
        _transaction?.Dispose();
        _transaction = null;
    }

    private void Execute(string sql)
    {
        using var command = Command(sql);
        command.ExecuteNonQuery();
    }

    /// <summary>A command about this round, with parameters that are set each time it runs.</summary>
    private SqliteCommand Command(string sql, params string[] parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$round", _id);
        foreach (var parameter in parameters)
        {
            command.Parameters.AddWithValue(parameter, null);
        }

        return command;
    }

    private void Insert(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        command.Transaction = _transaction;
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i + 1].Value = values[i];
        }

        command.ExecuteNonQuery();
    }
}
