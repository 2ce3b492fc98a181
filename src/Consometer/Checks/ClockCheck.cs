using System.Collections.Concurrent;
using System.Globalization;
using Consometer.Configuration;
using Consometer.Swift;
using Consometer.Swift.Recon;

namespace Consometer.Checks;

/// <summary>
/// Whether this host's clock is the cluster's: rounds stand on the wall clock, and samples carry its time. It never fails, since whose clock
/// is wrong, if any, is not to be told from here.
/// </summary>
internal static class ClockCheck
{
    public const string Name = "clock";

    private const int ServersInFlightMax = 32;
    private const int ServersNamedMax = 3;

    private static readonly TimeSpan OffsetMax = TimeSpan.FromSeconds(5);

    /// <param name="options">Where Keystone is.</param>
    /// <param name="servers">The account-servers, of which the silent ones are not asked; null if none answers.</param>
    /// <param name="clock">This host's.</param>
    /// <param name="stopping">Gives up.</param>
    public static async Task<CheckResult> RunAsync(ConsometerOptions options, AuditReport? servers, TimeProvider clock, CancellationToken stopping)
    {
        using var clocks = new ServerClocks(options.Keystone?.Trust ?? TlsTrust.Default, clock);
        (string Name, Uri Address)[] asked =
        [
            .. options.Keystone is { } keystone ? [("Keystone", keystone.Endpoint)] : Array.Empty<(string, Uri)>(),
            .. (servers?.Servers ?? []).Where(ServerCheck.HasAnswered).Select(server => (server.Node.ToString(), new Uri($"http://{server.Node}/healthcheck"))),
        ];
        var offsets = new ConcurrentDictionary<string, TimeSpan>();
        var limits = new ParallelOptions { MaxDegreeOfParallelism = ServersInFlightMax, CancellationToken = stopping };
        await Parallel.ForEachAsync(asked, limits, async (server, stop) =>
        {
            if (await clocks.ReadAsync(server.Address, stop) is { } reading)
            {
                // What may be the reading's own fault is not held against a clock.
                offsets[server.Name] = reading.Offset.Duration() <= reading.Uncertainty ? TimeSpan.Zero : reading.Offset;
            }
        });
        return Judge(offsets);
    }

    private static CheckResult Judge(IReadOnlyDictionary<string, TimeSpan> offsets)
    {
        if (offsets.Count == 0)
        {
            return CheckResult.Skipped(Name, "a server that answers with a Date");
        }

        var lookedAt = string.Create(CultureInfo.InvariantCulture, $"{offsets.Count} servers' time");
        var off = offsets.Where(server => server.Value.Duration() > OffsetMax).OrderByDescending(server => server.Value.Duration()).ThenBy(server => server.Key, StringComparer.Ordinal).ToArray();
        return off.Length == 0
            ? CheckResult.Ok(Name, lookedAt, $"within {Seconds(offsets.Values.Max(offset => offset.Duration()), "0")} s of this host's")
            : CheckResult.Warn(
                Name, lookedAt,
                $"{string.Join(", ", off.Take(ServersNamedMax).Select(server => $"{server.Key} {Seconds(server.Value, "+0;-0")} s"))}{(off.Length > ServersNamedMax ? " and more" : "")}, by this host's clock",
                off.Length == offsets.Count ? "is NTP at work on this host?" : "is NTP at work there?");
    }

    private static string Seconds(TimeSpan offset, string format) => double.Ceiling(offset.TotalSeconds).ToString(format, CultureInfo.InvariantCulture);
}
