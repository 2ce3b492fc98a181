namespace Consometer.Status;

/// <summary>What there is on <c>status.listen</c>. Probes, scrapers and manifests rely on these.</summary>
internal static class StatusPaths
{
    /// <summary>The page for people.</summary>
    public const string Page = "/";

    /// <summary>Prometheus's text.</summary>
    public const string Metrics = "/metrics";

    /// <summary>Whether the loop of rounds is alive: else it helps to start the daemon again.</summary>
    public const string Health = "/healthz";

    /// <summary>Whether ring, list of projects and store are good: else the next round will hardly be.</summary>
    public const string Ready = "/readyz";

    /// <summary>JSON with the program's version.</summary>
    public const string Version = "/version";
}
