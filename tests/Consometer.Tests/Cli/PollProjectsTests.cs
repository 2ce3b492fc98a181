using System.Text.Json;
using Consometer.Simulation;
using Consometer.Tests.Daemon;
using Consometer.Tests.Simulation;

namespace Consometer.Tests.Cli;

/// <summary><c>poll</c> through the built program, as it is where there is no broker: what one run leaves in the store for the next.</summary>
public sealed class PollProjectsTests
{
    [Fact]
    public async Task A_run_goes_on_with_the_list_of_the_run_before_and_names_orphans()
    {
        await using var running = await RunningCluster.StartAsync(new SimulationPlan { Accounts = 12, AbsentShare = 0, DeletedShare = 0 });
        _ = ConfiguredCluster.Options(running.Cluster);
        Assert.Equal(ExitCode.Done, (await PollAsync(running, "ndjson")).ExitCode);
        var gone = running.Cluster.Accounts.First(account => account.Bytes > 0);
        running.Cluster.RemoveKeystoneProject(gone.ProjectId);

        var json = await PollAsync(running, "json");
        var document = JsonDocument.Parse(json.Output).RootElement;
        Assert.Equal(ExitCode.Done, json.ExitCode);
        Assert.Equal((11, 1), (document.GetProperty("report").GetProperty("accounts").GetInt32(), document.GetProperty("report").GetProperty("orphans").GetInt32()));
        Assert.Equal(JsonValueKind.Null, document.GetProperty("report").GetProperty("project_list_age_seconds").ValueKind);
        var orphan = Assert.Single(document.GetProperty("orphans").EnumerateArray());
        Assert.Equal(gone.Account, orphan.GetProperty("account").GetString());
        Assert.StartsWith($"{gone.Containers} containers {gone.Objects} objects {gone.Bytes} B; last listed ", orphan.GetProperty("found").GetString(), StringComparison.Ordinal);

        running.Cluster.KeystoneFault = NodeFault.Status(503);
        var table = await PollAsync(running, "table");
        var ndjson = await PollAsync(running, "ndjson");
        Assert.Equal((ExitCode.Done, ExitCode.Done), (table.ExitCode, ndjson.ExitCode));
        Assert.Contains("KEYSTONE LISTS NO PROJECT", table.Output, StringComparison.Ordinal);
        Assert.Contains("the list of projects kept from before was used", table.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("1 orphaned with data", table.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("WARN 1108 Keystone", ndjson.Error, StringComparison.Ordinal);

        var look = await ConsometerProgram.RunAsync("poll", "--config", running.Cluster.Folder, gone.Account, "--format", "json");
        Assert.Equal((ExitCode.Done, 1), (look.ExitCode, JsonDocument.Parse(look.Output).RootElement.GetProperty("report").GetProperty("measured").GetInt32()));
    }

    private static Task<Run> PollAsync(RunningCluster running, string format) =>
        ConsometerProgram.RunAsync("poll", "--config", running.Cluster.Folder, "--format", format);
}
