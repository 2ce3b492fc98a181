using Consometer.Configuration;
using Consometer.Simulation;

namespace Consometer.Tests.Export;

/// <summary>What an OpenTelemetry collector gets, or would.</summary>
public sealed class OtlpTests
{
    private const string Taken = "HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n";

    private static readonly SimulationPlan Plan = new() { Accounts = 20 };

    [Fact]
    public async Task A_collector_gets_the_metrics_and_whose_they_are()
    {
        await using var collector = ScriptedServer.Start(_ => Reply.Of(Taken));
        await using var daemon = await StartAsync(collector.Uri);
        await daemon.RoundsEndedAsync();
        await Eventually.HoldsAsync("the round at the collector", () => collector.Requests.Any(request => request.Body.Contains("consometer.accounts", StringComparison.Ordinal)));

        var sent = collector.Requests.Last();
        Assert.Equal("/v1/metrics", sent.Target);
        Assert.True(sent.Has("Content-Type: application/x-protobuf"));
        Assert.All(
            ["service.name", "consometer", "service.version", "cloud.region", "RegionOne", "consometer.node.request.duration", "consometer.ring.age", "dotnet.gc.collections"],
            text => Assert.Contains(text, sent.Body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_collector_that_is_not_there_is_told_once_and_once_when_it_is_back()
    {
        var isWell = false;
        await using var collector = ScriptedServer.Start(_ => Volatile.Read(ref isWell) ? Reply.Of(Taken) : Reply.Of("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"));
        await using var daemon = await StartAsync(collector.Uri);
        await Eventually.HoldsAsync("three tries", () => collector.Requests.Count >= 3);
        await daemon.RoundsEndedAsync();

        Volatile.Write(ref isWell, true);
        await Eventually.HoldsAsync("it takes them", () => daemon.Log.Lines.Any(line => line.Contains("takes the metrics again", StringComparison.Ordinal)));

        Assert.Single(daemon.Log.Warnings, line => line.StartsWith("otlp: ", StringComparison.Ordinal));
    }

    /// <summary>The end of the test is part of it: a daemon that waited for the collector would be there still.</summary>
    [Fact]
    public async Task A_collector_that_hangs_holds_up_no_round()
    {
        await using var collector = ScriptedServer.Start(_ => Reply.Hang);
        await using var daemon = await StartAsync(collector.Uri);
        await Eventually.HoldsAsync("it is sent to", () => collector.Requests.Count > 0);

        await daemon.RoundsEndedAsync();
    }

    private static Task<RunningDaemon> StartAsync(Uri collector) => RunningDaemon.StartAsync(
        Plan, options => options with { Otlp = new OtlpOptions(collector, IsHttp: true, TimeSpan.FromMilliseconds(100)) });
}
