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
    /// <summary>Accounts in a transaction: few enough for little to wait, enough that syncing costs nothing.</summary>
    private const int AccountsPerCommit = 1000;

    private readonly SqliteConnection _connection;
    private readonly long _id;
    private readonly RoundTime _time;
    private readonly string _region;
    private readonly SqliteCommand _insertSample;
    private readonly SqliteCommand _insertNotMeasured;
    private SqliteTransaction? _transaction;
    private int _uncommitted;

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
    public void Keep(AccountOutcome outcome, IReadOnlyList<Sample> samples) => Write(() => Insert(outcome, samples));

    /// <summary>
    /// Ends the round. A good one takes the place of an earlier one of the same period; of a failed one only the report stays.
    /// </summary>
    /// <exception cref="StoreException">It cannot be written.</exception>
    public void End(RoundReport report) => Write(() => Finish(report));

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

    /// <summary>Lets go of what was not committed; a round that was not ended is never seen.</summary>
    public void Dispose()
    {
        _transaction?.Dispose();
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

    private void Insert(AccountOutcome outcome, IReadOnlyList<Sample> samples)
    {
        _transaction ??= _connection.BeginTransaction();
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

        if (++_uncommitted >= AccountsPerCommit)
        {
            Commit();
        }
    }

    private void Finish(RoundReport report)
    {
        var good = report.Failure is null;
        _transaction ??= _connection.BeginTransaction();
        var others = "SELECT id FROM round WHERE time = (SELECT time FROM round WHERE id = $round) AND id <> $round AND state <> 'running'";
        var gone = good ? others : "$round";
        Execute($"DELETE FROM sample WHERE round IN ({gone})");
        Execute($"DELETE FROM not_measured WHERE round IN ({gone})");
        Execute(good ? $"DELETE FROM round WHERE id IN ({others})" : "SELECT 1");
        using var command = Command("UPDATE round SET state = $state, report = $report WHERE id = $round", "$state", "$report");
        Insert(command, good ? "complete" : "failed", report.ToJson());
        Commit();
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
        _uncommitted = 0;
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
