using System.Text.Json;
using System.Text.RegularExpressions;
using Consometer.Scenarios.Running;
using Consometer.Simulation;
using Microsoft.Data.Sqlite;

namespace Consometer.Scenarios.Export;

/// <summary>The daemon with a round every few seconds over a simulated cluster; nobody is where the broker should be.</summary>
internal sealed partial class ExportingDaemon : IAsyncDisposable
{
    private readonly ConfigurationFolder _folder = new();
    private readonly SimulatedCluster _cluster;
    private readonly RunningProgram _program;

    private ExportingDaemon(SimulatedCluster cluster)
    {
        _cluster = cluster;
        _folder.Write("projects.txt", string.Concat(cluster.Accounts.Select(account => account.ProjectId + "\n")));
        _folder.Write(new LabConfiguration
        {
            Timeout = "4s",
            RingDir = cluster.Folder,
            SwiftConf = cluster.SwiftConfPath,
            Projects = "source: file, file: projects.txt",
            Rabbit = "host: 127.0.0.1, port: 1, user: conso, password: secret",
            Publish = "format: [consometer, ceilometer]",
            Status = "listen: 127.0.0.1:0, account_metrics: true",
            Graphite = "hostname: 127.0.0.1, port: 2013, prefix: lab.consometer",
        });
        _program = RunningProgram.StartDaemon("--config", _folder.Path);
    }

    public string Log => _program.ErrorsSoFar;

    /// <summary>Where its metrics are.</summary>
    public Uri Metrics => new(Address().Match(Log).Value + "metrics");

    /// <param name="isWell">Whether all servers are.</param>
    public static async Task<ExportingDaemon> StartAsync(bool isWell = false)
    {
        var plan = new SimulationPlan { Seed = 5, Accounts = 80, AbsentShare = 0.1 };
        var folder = Directory.CreateTempSubdirectory("consometer-exporting-").FullName;
        var cluster = await SimulatedCluster.StartAsync(plan, folder, TestContext.Current.CancellationToken);
        cluster.Nodes[1].Fault = isWell ? NodeFault.None : NodeFault.Status(503);
        return new ExportingDaemon(cluster);
    }

    /// <summary>The reports of the rounds that have ended, in order.</summary>
    public JsonElement[] Reports()
    {
        if (!File.Exists(_folder.Store))
        {
            return [];
        }

        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _folder.Store, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT report FROM round WHERE report IS NOT NULL ORDER BY id";
        using var rows = command.ExecuteReader();
        var reports = new List<JsonElement>();
        while (rows.Read())
        {
            reports.Add(JsonDocument.Parse(rows.GetString(0)).RootElement);
        }

        return [.. reports];
    }

    public async Task RoundsAsync(int count) => await Eventually.TrueAsync($"{count} rounds", () =>
    {
        Assert.False(_program.HasEnded, Log);
        return Log.Split('\n').Count(line => line.Contains(" accounts in ", StringComparison.Ordinal)) >= count;
    });

    public async Task StopAsync()
    {
        _program.Terminate();
        (await _program.WaitAsync(Programs.Deadline)).Succeeded();
    }

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        await _cluster.DisposeAsync();
        _folder.Dispose();
        Directory.Delete(_cluster.Folder, recursive: true);
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+/")]
    private static partial Regex Address();
}
