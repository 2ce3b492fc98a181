namespace Consometer.Tests.Packages;

/// <summary>What the daemon answers on <c>status.listen</c>.</summary>
internal static class ServedPaths
{
    public const string Metrics = "/metrics";

    public const string Health = "/healthz";

    public const string Readiness = "/readyz";
}
