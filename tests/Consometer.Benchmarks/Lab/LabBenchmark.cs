using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Consometer.Scenarios.Running;

namespace Consometer.Benchmarks.Lab;

/// <summary>
/// Whole rounds against what the account-servers can give: <c>wrk</c>, <c>poll</c> and a daemon in turn, on the same servers, with
/// as many connections; and <c>poll</c> through the proxy. All share this machine, so only the ratio within a repetition means something.
/// </summary>
internal static class LabBenchmark
{
    private const int CannotRunHere = 77;
    private const int Accounts = 10_000;
    private const int Repetitions = 5;
    private const int Nodes = 4;
    private const int WorkersPerNode = 4;

    public static async Task<JsonNode?> RunAsync()
    {
        var up = await Programs.LabAsync("up");
        if (up.ExitCode == CannotRunHere)
        {
            Console.WriteLine($"lab: not run: {up.Errors.Trim()}");
            return null;
        }

        up.Succeeded();
        (await Programs.OtherAsync(Repository.LabScript("up"), [], environment: new Dictionary<string, string> { ["LAB_PARTS"] = "all" })).Succeeded();
        try
        {
            (await Programs.LabAsync("populate", Accounts.ToString(CultureInfo.InvariantCulture), "2")).Succeeded();
            return await MeasureAsync();
        }
        finally
        {
            // What the scenarios want to find.
            (await Programs.LabAsync("populate", "600", "1")).Succeeded();
        }
    }

    private static async Task<JsonNode?> MeasureAsync()
    {
        using var folder = new ConfigurationFolder();
        var heads = await Programs.LabAsync("heads");
        folder.Write("heads.tsv", heads.Succeeded().Output);
        folder.Write(new LabConfiguration { WorkersPerNode = WorkersPerNode });

        // Whom the proxy lets see every account. As many requests at once as in the other round.
        using var proxy = new ConfigurationFolder();
        proxy.Write(new LabConfiguration { User = "consometer", Scope = "swift_conso_tenant: service", Strategy = "proxy", Workers = Nodes * WorkersPerNode });

        Console.WriteLine($"lab: {Accounts} accounts, {Nodes} account-servers, {Nodes * WorkersPerNode} connections");
        Console.WriteLine(LabRepetition.Header);
        var repetitions = new List<LabRepetition>();
        for (var i = 0; i < Repetitions; i++)
        {
            repetitions.Add(await LabRepetition.MeasureAsync(folder, proxy, Nodes, WorkersPerNode));
            Console.WriteLine(repetitions[^1].Row($"{i + 1}"));
        }

        var median = LabRepetition.Median(repetitions);
        Console.WriteLine(median.Row("median"));
        return new JsonObject
        {
            ["accounts"] = Accounts,
            ["connections"] = Nodes * WorkersPerNode,
            ["repetitions"] = JsonSerializer.SerializeToNode(repetitions, LabRepetition.Json),
            ["median"] = JsonSerializer.SerializeToNode(median, LabRepetition.Json),
        };
    }
}
