using System.Text.Json;
using Consometer.Simulation;
using Consometer.Tests.Daemon;
using Consometer.Tests.Simulation;

namespace Consometer.Tests.Cli;

/// <summary>A test of <c>check</c> through the built program, against a simulated cluster with a configuration in its folder.</summary>
public abstract class CheckTest : IAsyncLifetime
{
    private RunningCluster? _running;

    protected static string OtherMd5 { get; } = new('0', 32);

    protected RunningCluster Running => _running!;

    protected SimulatedCluster Cluster => Running.Cluster;

    public async ValueTask InitializeAsync()
    {
        _running = await RunningCluster.StartAsync(new SimulationPlan { Accounts = 60 });
        ConfiguredCluster.Options(Cluster, nodeTimeout: "2s");
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Running.DisposeAsync();
    }

    protected async Task<(int ExitCode, Line[] Lines)> CheckAsync()
    {
        var run = await ConsometerProgram.RunAsync("check", "--config", Cluster.Folder, "--format", "json");
        Assert.Equal("", run.Error);
        var document = JsonElement.Parse(run.Output);
        Assert.Equal(run.ExitCode, document.GetProperty("exit_code").GetInt32());
        return (run.ExitCode, [.. document.GetProperty("checks").EnumerateArray().Select(check => check.Deserialize<Line>(Line.Names)!)]);
    }

    /// <summary>This exit code, and of all lines only these are not ok.</summary>
    protected static void AssertFound((int ExitCode, Line[] Lines) run, int exitCode, params (string Check, string Verdict, string Found)[] wanted)
    {
        var found = run.Lines.Where(line => line.Verdict != "ok").ToArray();
        Assert.Equal(wanted.Select(line => (line.Check, line.Verdict)), found.Select(line => (line.Check, line.Verdict)));
        Assert.All(wanted.Zip(found), pair => Assert.Contains(pair.First.Found, pair.Second.Found, StringComparison.Ordinal));
        Assert.All(found, line => Assert.Equal(line.Verdict == "skipped", line.Remedy is null));
        Assert.Equal(exitCode, run.ExitCode);
    }

    protected void Edit(string old, string replacement)
    {
        var configuration = Path.Combine(Cluster.Folder, "consometer.yaml");
        var text = File.ReadAllText(configuration);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(configuration, text.Replace(old, replacement, StringComparison.Ordinal));
    }

    protected sealed record Line(string Check, string Verdict, string LookedAt, string Found, string? Remedy)
    {
        public static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    }
}
