using System.Net;
using Consometer.Metering.Requests;
using Consometer.Metering.Requests.Sources;
using Consometer.Metering.Samples;

namespace Consometer.Configuration;

/// <summary>The section <c>requests</c>, the proxy's access log, and the meters that are on: those of requests only where there is one.</summary>
internal static class RequestsSection
{
    private const int ContainersMax = 10_000_000;

    private static readonly string[] Unset = [""];

    /// <returns>Null where no access log is read.</returns>
    public static RequestsOptions? Read(YamlSection requests, string folder)
    {
        var listen = requests.Find("listen");
        var file = requests.Find("file");
        var options = new RequestsOptions
        {
            Listen = listen is var (text, place) ? ReadListen(requests, text, place) : null,
            FilePath = file is var (path, _) ? ConfigurationFile.Under(folder, path) : null,
            Layout = ReadLayout(requests),
            Interval = ReadInterval(requests),
            InternalNetworks = ReadNetworks(requests, "internal_networks", ClientNetworks.Private),
            TrustedProxies = ReadNetworks(requests, "trusted_proxies", []),
            ContainersMax = requests.Number("max_containers", 1, ContainersMax, 100_000),
            Host = ReadHost(requests),
        };
        if (listen is not null && file is var (_, second))
        {
            requests.Fault("file", second, "one of listen and file", "both");
        }
        else if (requests.IsGiven && listen is null && file is null)
        {
            requests.Fault("listen", "where the access log comes from: listen or file", "neither");
        }

        return listen is null && file is null ? null : options;
    }

    /// <summary>The meters that are on.</summary>
    public static Meter[] ReadMeters(YamlSection meters, bool hasRequests)
    {
        var on = MeterCatalogue.All.Where(meter => meters.Flag(meter.Name, meter.OnByDefault && (hasRequests || meter is not RequestMeter))).ToArray();
        if (!hasRequests && on.FirstOrDefault(meter => meter is RequestMeter) is { } lost)
        {
            meters.Fault(lost.Name, meters.Place(lost.Name), "requests.listen or requests.file, since it is on", "neither");
        }

        return on;
    }

    /// <summary>Whole seconds, as the period of rounds.</summary>
    private static TimeSpan ReadInterval(YamlSection requests) => requests.Value<TimeSpan>(
        "interval",
        "a duration of whole seconds such as 30s, 5m, 1h, from 1s to 1d",
        TimeSpan.FromMinutes(5),
        text => Duration.TryParse(text) is { } interval && interval >= TimeSpan.FromSeconds(1) && interval <= TimeSpan.FromDays(1) && interval.Ticks % TimeSpan.TicksPerSecond == 0
            ? interval : null);

    /// <summary>An address and a port, no name, or a path.</summary>
    private static DatagramAddress? ReadListen(YamlSection requests, string text, string place)
    {
        if (DatagramAddress.TryParse(text) is { } address)
        {
            return address;
        }

        requests.Fault("listen", place, "udp://ADDRESS:PORT such as udp://127.0.0.1:5140, or unix:/PATH", $"\"{text}\"");
        return null;
    }

    private static LogLayout ReadLayout(YamlSection requests)
    {
        var given = requests.Find("template");
        if (LogLayout.Parse(given?.Text ?? LogLayout.Default, out var fault) is { } layout)
        {
            return layout;
        }

        requests.Fault("template", given!.Value.Place, "the proxy's log_msg_template", fault!);
        return LogLayout.Parse(LogLayout.Default, out _)!;
    }

    /// <summary>An empty list is none at all, and not the default.</summary>
    private static IReadOnlyList<IPNetwork> ReadNetworks(YamlSection requests, string key, IReadOnlyList<IPNetwork> absent)
    {
        if (requests.List(key, Unset) is var given && ReferenceEquals(given, Unset))
        {
            return absent;
        }

        var networks = new List<IPNetwork>();
        foreach (var text in given.SelectMany(each => each.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
        {
            if (NetworkOf(text) is { } network)
            {
                networks.Add(network);
            }
            else
            {
                requests.Fault(key, requests.Place(key), "networks such as 10.0.0.0/8 or fd00::/8, or addresses", $"\"{text}\"");
            }
        }

        return networks;
    }

    private static IPNetwork? NetworkOf(string text)
    {
        // The base library reads 10 as 0.0.0.10, and 10.1 as 10.0.0.1.
        var address = text.Split('/')[0];
        return (address.Contains(':', StringComparison.Ordinal) || address.Count(each => each == '.') == 3)
            && IPNetwork.TryParse(text.Contains('/', StringComparison.Ordinal) ? text : $"{text}/{(text.Contains(':', StringComparison.Ordinal) ? 128 : 32)}", out var network)
            ? network : null;
    }

    /// <summary>A name without spaces: one parts host and log where both are named.</summary>
    private static string ReadHost(YamlSection requests)
    {
        if (requests.Find("host") is not var (host, place))
        {
            return Dns.GetHostName();
        }

        if (host.Any(char.IsWhiteSpace))
        {
            requests.Fault("host", place, "a name without spaces", $"\"{host}\"");
        }

        return host;
    }
}
