using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Export;

/// <summary>The page <c>/metrics</c> of the built program, as Prometheus' own tool judges it.</summary>
public sealed class PromtoolTests
{
    [Fact]
    public async Task Promtool_has_no_complaint_about_the_page()
    {
        var installed = await Programs.LabAsync("install", "promtool");
        Assert.SkipWhen(installed.ExitCode == ProgramRun.CannotRunHere, installed.Errors);
        installed.Succeeded();
        await using var daemon = await ExportingDaemon.StartAsync();
        await daemon.RoundsAsync(1);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });

        var page = await http.GetStringAsync(daemon.Metrics, TestContext.Current.CancellationToken);
        var judged = await Programs.OtherAsync("promtool", ["check", "metrics"], page);

        Assert.Equal((0, "", ""), (judged.ExitCode, judged.Output, judged.Errors));
        Assert.All(
            ["consometer_accounts{outcome=\"measured\"}", "consometer_account_bytes{", "consometer_node_request_duration_seconds_bucket{", "consometer_outbox_samples{", "dotnet_gc_collections_total"],
            metric => Assert.Contains($"\n{metric}", page, StringComparison.Ordinal));
    }
}
