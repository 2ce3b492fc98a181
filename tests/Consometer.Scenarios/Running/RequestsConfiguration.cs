namespace Consometer.Scenarios.Running;

/// <summary>A configuration for the request meters alone: no ring, no Keystone, and a broker only if one is named. Values go into YAML as they are.</summary>
internal sealed record RequestsConfiguration
{
    /// <summary>The gauges, which need a cluster, and are off.</summary>
    private static readonly string[] Gauges = ["storage.objects", "storage.objects.size", "storage.objects.containers"];

    private static readonly string[] Operations = ["upload", "download", "update", "delete"];

    /// <summary>All that count requests by container, and their bytes.</summary>
    public static string[] ContainerMeters { get; } =
        [.. from operation in Operations from size in (string[])["", ".size"] from network in (string[])["internal", "external"] select $"storage.objects.{operation}{size}.{network}"];

    /// <summary>Where lines come from, as in a YAML mapping: <c>listen</c> or <c>file</c>.</summary>
    public required string Source { get; init; }

    public string Interval { get; init; } = "1s";

    /// <summary>More keys for the section <c>requests</c>, as in a YAML mapping.</summary>
    public string Requests { get; init; } = "";

    /// <summary>What is in <c>credentials.rabbit</c>, likewise; without it all stays in the store.</summary>
    public string Rabbit { get; init; } = "";

    /// <summary>What is in <c>publish</c>, likewise.</summary>
    public string Publish { get; init; } = "";

    public string StorePath { get; init; } = LabConfiguration.StoreName;

    public string ToYaml() => $$"""
        {{(Rabbit.Length == 0 ? "" : $"credentials: {{ rabbit: {{ {Rabbit} }} }}")}}
        {{(Publish.Length == 0 ? "" : $"publish: {{ {Publish} }}")}}
        requests: { {{Source}}, interval: {{Interval}}{{(Requests.Length == 0 ? "" : $", {Requests}")}} }
        meters: { {{string.Join(", ", [.. Gauges.Select(meter => $"{meter}: false"), .. ContainerMeters.Select(meter => $"{meter}: true")])}} }
        store: { path: {{StorePath}} }
        status: { listen: "127.0.0.1:0" }

        """;
}
