using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Package;

/// <summary>The alert rules under Prometheus's own tool. It needs no lab.</summary>
public sealed class AlertRuleTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "etc/prometheus");

    [Fact]
    public async Task Prometheus_takes_the_rules() =>
        Assert.Contains("SUCCESS", (await PromtoolAsync("check", "consometer.rules.yml")).Output, StringComparison.Ordinal);

    [Fact]
    public async Task Each_alert_fires_where_it_must_and_not_where_it_must_not() =>
        Assert.Contains("SUCCESS", (await PromtoolAsync("test", "consometer.rules.test.yml")).Output, StringComparison.Ordinal);

    private static async Task<ProgramRun> PromtoolAsync(string verb, string file)
    {
        var installed = await Programs.LabAsync("install", "promtool");
        Assert.SkipWhen(installed.ExitCode == ProgramRun.CannotRunHere, installed.Errors);
        installed.Succeeded();
        var run = await Programs.OtherAsync("promtool", [verb, "rules", Path.Combine(Folder, file)]);
        Assert.True(run.ExitCode == 0, $"{run.Output}{run.Errors}");
        return run;
    }
}
