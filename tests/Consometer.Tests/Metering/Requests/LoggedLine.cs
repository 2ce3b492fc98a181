using System.Globalization;

namespace Consometer.Tests.Metering.Requests;

/// <summary>An access line of our own, in Swift's layout up to 2.35.</summary>
internal sealed record LoggedLine
{
    public string ClientIp { get; init; } = "10.0.0.1";

    public string RemoteAddr { get; init; } = "10.0.0.1";

    public DateTimeOffset End { get; init; } = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public string Method { get; init; } = "PUT";

    public string Path { get; init; } = "/v1/AUTH_p/c/o";

    public int Status { get; init; } = 201;

    public long Received { get; init; }

    public long Sent { get; init; }

    public string Transaction { get; init; } = "tx0123456789abcdef01234-006b021a3f";

    public string Source { get; init; } = "-";

    /// <summary>What follows the last field.</summary>
    public string Rest { get; init; } = "";

    public static string Number(long number) => number == 0 ? "-" : number.ToString(CultureInfo.InvariantCulture);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"<134>proxy-server: {ClientIp} {RemoteAddr} {End:dd'/'MMM'/'yyyy'/'HH'/'mm'/'ss} {Method} {Path} HTTP/1.0 {Status} - agent token... {Number(Received)} {Number(Sent)} - {Transaction} - 0.0100 {Source} - 1795299903.879518509 1795299903.884383678 0{Rest}");
}
