using System.Net.Sockets;
using Consometer.Configuration;

namespace Consometer.Checks;

/// <summary>Whether those can be connected to that metrics are sent to. It never fails: no round waits for them.</summary>
internal static class MetricsCheck
{
    public const string Name = "metrics";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <returns>A line for each that is configured.</returns>
    public static async Task<IReadOnlyList<CheckResult>> RunAsync(ConsometerOptions options, TimeProvider clock, CancellationToken stopping)
    {
        var results = new List<CheckResult>();
        if (options.Graphite is { } graphite)
        {
            results.Add(await ConnectAsync("graphite", graphite.Host, graphite.Port, clock, stopping));
        }

        if (options.Otlp is { } otlp)
        {
            results.Add(await ConnectAsync("otlp", otlp.Endpoint.Host, otlp.Endpoint.Port, clock, stopping));
        }

        return results;
    }

    private static async Task<CheckResult> ConnectAsync(string section, string host, int port, TimeProvider clock, CancellationToken stopping)
    {
        var lookedAt = $"{section}: {host}:{port}";
        using var patience = new CancellationTokenSource(Patience, clock);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, patience.Token);
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync(host, port, ending.Token);
            return CheckResult.Ok(Name, lookedAt, "connected");
        }
        catch (SocketException e)
        {
            return Warn(lookedAt, e.Message, section);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return Warn(lookedAt, $"no connection within {Patience.TotalSeconds:0} s", section);
        }
    }

    private static CheckResult Warn(string lookedAt, string found, string section) =>
        CheckResult.Warn(Name, lookedAt, found, $"is it running? rounds do without it; without section {section} nothing is sent");
}
