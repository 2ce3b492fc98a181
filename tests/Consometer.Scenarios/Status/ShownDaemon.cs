using System.Globalization;
using System.Text.RegularExpressions;
using Consometer.Scenarios.Running;
using Consometer.Simulation;
using Microsoft.Data.Sqlite;

namespace Consometer.Scenarios.Status;

/// <summary>
/// The daemon over a simulated cluster that is not well, and whose projects have markup for names: one server fails and one is slow, nobody
/// is where the broker should be. Its last round is real; the ones before are that one's report with other figures, put into the store.
/// </summary>
internal sealed partial class ShownDaemon : IAsyncDisposable
{
    public const string Secret = "pw-of-the-broker";
    private const int RoundsBefore = 160;

    /// <summary>Project ids; their accounts hold most of all.</summary>
    public static readonly string[] StoredNames = ["<b>bold", "<img src=x onerror=alert(1)>", "\"'><script>alert(2)"];

    /// <summary>Project ids without accounts: while a server fails nobody knows that.</summary>
    public static readonly string[] UnknownNames = [.. Enumerable.Range(0, 9).Select(i => string.Create(CultureInfo.InvariantCulture, $"<i>nobody {i}"))];

    /// <summary>An hour, or somewhat more: one that does not end while a test looks at its round.</summary>
    private readonly int _periodMinutes = Enumerable.Range(60, 60).First(minutes => DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 60 % minutes < minutes - 10);

    private readonly ConfigurationFolder _folder = new();
    private readonly SimulatedCluster _cluster;
    private RunningProgram? _program;

    private ShownDaemon(SimulatedCluster cluster) => _cluster = cluster;

    public Uri Page { get; private set; } = null!;

    /// <summary>The times of the rounds in as many periods, the latest one's among them.</summary>
    public string[] RoundsOf(int periods) =>
        ReadAll<string>(string.Create(CultureInfo.InvariantCulture, $"SELECT time FROM round WHERE time > strftime('%Y-%m-%dT%H:%M:%SZ', (SELECT max(time) FROM round), '-{periods * _periodMinutes} minutes')"));

    public static async Task<ShownDaemon> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("consometer-shown-").FullName;
        var plan = new SimulationPlan { Seed = 3, Nodes = 8, Accounts = 600, AbsentShare = 0.05, DeletedShare = 0.03 };
        var daemon = new ShownDaemon(await SimulatedCluster.StartAsync(plan, folder, TestContext.Current.CancellationToken));
        daemon.Sicken();
        await daemon.RunAsync();
        daemon.AddHistory();
        return daemon;
    }

    /// <summary>One value of the store.</summary>
    public T Read<T>(string sql) => ReadAll<T>(sql).Single();

    /// <summary>The first column of a query.</summary>
    public T[] ReadAll<T>(string sql)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var rows = command.ExecuteReader();
        var values = new List<T>();
        while (rows.Read())
        {
            values.Add(rows.GetFieldValue<T>(0));
        }

        return [.. values];
    }

    public async ValueTask DisposeAsync()
    {
        if (_program is not null)
        {
            await _program.DisposeAsync();
        }

        await _cluster.DisposeAsync();
        _folder.Dispose();
        Directory.Delete(_cluster.Folder, recursive: true);
    }

    private void Sicken()
    {
        var bytes = 1L << 47;
        foreach (var name in StoredNames)
        {
            foreach (var device in _cluster.Locate($"AUTH_{name}").Primaries())
            {
                _cluster.Put($"AUTH_{name}", device, new SimulatedUsage([new SimulatedPolicyUsage("gold", 12, 3_456_789, bytes)]));
            }

            bytes /= 2;
        }

        _cluster.Nodes[2].Fault = NodeFault.Status(503);
        _cluster.Nodes[5].Fault = NodeFault.Slow(TimeSpan.FromMilliseconds(60));
    }

    private async Task RunAsync()
    {
        _folder.Write("projects.txt", string.Concat(_cluster.Accounts.Select(account => account.ProjectId).Concat(StoredNames).Concat(UnknownNames).Select(id => id + "\n")));
        _folder.Write(new LabConfiguration
        {
            Timeout = string.Create(CultureInfo.InvariantCulture, $"{_periodMinutes}m"),
            RingDir = _cluster.Folder,
            SwiftConf = _cluster.SwiftConfPath,
            Projects = "source: file, file: projects.txt",
            Rabbit = $"host: 127.0.0.1, port: 1, user: conso, password: {Secret}",
            Publish = "format: [consometer, ceilometer]",
        });
        _program = RunningProgram.StartDaemon("--config", _folder.Path);
        await Eventually.TrueAsync("the round, and an interruption of the delivery", () =>
            (_program.ErrorsSoFar.Contains("accounts in", StringComparison.Ordinal) && _program.ErrorsSoFar.Contains("next try in", StringComparison.Ordinal)) || _program.HasEnded);
        Assert.False(_program.HasEnded, _program.ErrorsSoFar);
        Page = new Uri(Address().Match(_program.ErrorsSoFar).Value);
    }

    /// <summary>A week of rounds: growing, some with unknown accounts, one failed, some not there.</summary>
    private void AddHistory()
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        foreach (var back in Enumerable.Range(1, RoundsBefore).Where(back => back is not (7 or 8 or 31 or 90 or 91 or 92)))
        {
            var unknown = back % 19 == 0 ? back % 23 : 0;
            using var command = connection.CreateCommand();
            command.CommandText = """
                INSERT INTO round (time, period_seconds, region, state, report)
                SELECT strftime('%Y-%m-%dT%H:%M:%SZ', time, $back), period_seconds, region, $state,
                    json_set(report, '$.seconds', $seconds, '$.unknown', $unknown, '$.measured', json_extract(report, '$.accounts') - 20 - $unknown, '$.absent', 12, '$.deleted', 8,
                        '$.unknown_by_reason', json($reasons), '$.totals.bytes', cast(json_extract(report, '$.totals.bytes') * $share AS INTEGER),
                        '$.totals.objects', cast(json_extract(report, '$.totals.objects') * $share AS INTEGER), '$.failure', $failure)
                FROM round WHERE id = 1
                """;
            (string Name, object Value)[] values =
            [
                ("$back", string.Create(CultureInfo.InvariantCulture, $"-{back * _periodMinutes} minutes")),
                ("$state", back == 22 ? "failed" : "expired"),
                ("$seconds", 300 + (120 * Math.Sin(back * 0.6)) + (back % 5 * 20)),
                ("$unknown", unknown),
                ("$reasons", unknown > 0 ? $$"""{"timed_out":{{unknown}}}""" : "{}"),
                ("$share", 1 - (back * 0.0012) - (0.01 * Math.Sin(back / 4.0))),
                ("$failure", back == 22 ? "620 of 620 accounts are absent and none was found: the hash prefix or suffix or the ring is not this cluster's, or nobody has stored anything yet" : DBNull.Value),
            ];
            Array.ForEach(values, value => command.Parameters.AddWithValue(value.Name, value.Value));
            Assert.Equal(1, command.ExecuteNonQuery());
        }

        transaction.Commit();
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _folder.Store, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+/")]
    private static partial Regex Address();
}
