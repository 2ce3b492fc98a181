using System.CommandLine;
using System.Globalization;
using Consometer.Cli.Output;
using Consometer.Configuration;
using Consometer.Daemon;
using Consometer.Delivery.Store;
using Consometer.Metering;
using Consometer.Simulation;

namespace Consometer.Cli;

/// <summary><c>consometer demo</c>: a small Swift in a box, and one round over it by the very code that meters a real one.</summary>
internal static class DemoCommand
{
    /// <summary>Accounts shown, the largest first: a screen full.</summary>
    private const int AccountsShownMax = 15;

    private static readonly Option<int> Seed = new("--seed") { Description = "What the cluster is made from.", HelpName = "N", DefaultValueFactory = _ => 1 };

    private static readonly Option<int> Accounts =
        new Option<int>("--accounts") { Description = "How many projects.", HelpName = "N", DefaultValueFactory = _ => 300 }.FromTo(1, 100_000);

    private static readonly Option<string?> Folder = new("--folder")
    {
        Description = "An empty or new folder for ring, configuration and store; a temporary one if nothing is said.",
        HelpName = "DIR",
    };

    private static readonly Option<bool> Stay = new("--stay") { Description = "Go on as the daemon, with a round every ten seconds and a status page, until Ctrl+C." };

    public static Command Make()
    {
        var command = new Command("demo", "A small Swift in a box, and one round over it.") { Seed, Accounts, Folder, Stay };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stopping)
    {
        var plan = new SimulationPlan { Seed = parsed.GetValue(Seed), Accounts = parsed.GetValue(Accounts) };
        var folder = MakeFolder(parsed.GetValue(Folder));
        Terminal.Error.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"A small Swift in a box: {plan.Nodes} account-servers, {plan.Replicas} replicas, {plan.Accounts} projects in its Keystone (seed {plan.Seed})"));

        await using var cluster = await SimulatedCluster.StartAsync(plan, folder, stopping);
        await File.WriteAllTextAsync(Path.Combine(folder, "consometer.yaml"), Configuration(cluster, parsed.GetValue(Stay) ? "10s" : "1h"), stopping);
        var exitCode = await MeterAsync(folder, stopping);
        return parsed.GetValue(Stay) ? await RunCommand.RunAsync(parsed, () => ConfigurationFile.Load(folder, _ => null), stopping) : exitCode;
    }

    private static async Task<int> MeterAsync(string folder, CancellationToken stopping)
    {
        var options = ConfigurationFile.Load(folder, _ => null);
        using var cluster = Cluster.Open(options, TimeProvider.System);
        using var store = SampleStore.Open(options.StorePath);
        var time = RoundTime.At(TimeProvider.System.GetUtcNow(), options.Period);
        using var entry = store.BeginRound(time, options.Region);
        var report = await Terminal.Error.WatchAsync(
            "polling", progress => StoredRound.RunAsync(cluster, entry, cluster.AccountsAsync(store.OutOfTime(options.Region), StoredRound.ProjectsIn(store, options), stopping), progress, stopping));

        RoundTable.Write(entry, options.Meters, report, AccountsShownMax);
        Terminal.Output.Line();
        Terminal.Output.Line($"All samples   {store.Path}");
        Terminal.Output.Line($"The ring      {options.Swift.RingPath}");
        Terminal.Output.Line($"The settings  {Path.Combine(folder, "consometer.yaml")}");
        var program = Path.GetRelativePath(Environment.CurrentDirectory, Environment.ProcessPath!);
        Terminal.Output.Line($"Look further  {program} ring info {options.Swift.RingPath}");
        Terminal.Output.Line($"              {program} usage --config {folder} --top 10");
        return report.Unknown > 0 ? ExitCode.UnknownAccounts : ExitCode.Done;
    }

    /// <summary>Nothing that is there is overwritten: a folder with files in it may be a real cluster's.</summary>
    private static string MakeFolder(string? named)
    {
        try
        {
            var folder = named is null ? Directory.CreateTempSubdirectory("consometer-demo-") : Directory.CreateDirectory(named);
            return folder.EnumerateFileSystemInfos().Any()
                ? throw new ConfigurationException($"--folder {named}: wanted an empty or new folder, found files in it")
                : folder.FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ConfigurationException($"--folder {named}: wanted an empty or new folder, found: {e.Message}");
        }
    }

    /// <summary>What an operator would write for this cluster.</summary>
    private static string Configuration(SimulatedCluster cluster, string period) =>
        $$"""
        timeout: {{period}}
        credentials:
          openstack:
            keystone_uri: {{cluster.KeystoneUri}}
            swift_conso_user: {{cluster.KeystoneUser}}
            swift_conso_password: {{cluster.KeystonePassword}}
            system_scope: all
        swift:
          dir: .
          conf: swift.conf
        store:
          path: consometer.db
        status:
          listen: 127.0.0.1:0

        """;
}
