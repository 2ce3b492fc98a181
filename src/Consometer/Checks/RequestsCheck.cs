using System.Globalization;
using Consometer.Configuration;
using Consometer.Metering;
using Consometer.Metering.Requests;
using Consometer.Metering.Requests.Sources;

namespace Consometer.Checks;

/// <summary>Whether the access log can be read, and is laid out as configured. Where datagrams come in, only whether the place is free: they are the daemon's.</summary>
internal static class RequestsCheck
{
    public const string Name = "requests";

    /// <summary>Of the end of a file: some hundred lines.</summary>
    private const int LookedAtBytes = 256 << 10;

    public static IReadOnlyList<CheckResult> Run(ConsometerOptions options, TimeProvider clock) => options.Requests switch
    {
        null => [],
        { Listen: { } address } => [Listen(address, clock)],
        var requests => [ReadFile(options, requests, clock)],
    };

    private static CheckResult Listen(DatagramAddress address, TimeProvider clock)
    {
        try
        {
            (address.Udp is { } udp ? DatagramSource.Listen(udp, _ => { }, clock) : DatagramSource.Listen(address.Path!, _ => { }, clock)).Dispose();
            return CheckResult.Ok(Name, address.ToString(), "free for the daemon");
        }
        catch (LogSourceException e)
        {
            return CheckResult.Warn(Name, address.ToString(), e.Message, "if it is the daemon that listens there, all is well; else set requests.listen to another place, and the proxy to that");
        }
    }

    private static CheckResult ReadFile(ConsometerOptions options, RequestsOptions requests, TimeProvider clock)
    {
        var path = requests.FilePath!;
        try
        {
            var tally = new TrafficTally(requests.Interval, requests.ContainersMax, new ResellerPrefixes(options.Swift.ResellerPrefixes));
            var reader = new AccessLogReader(requests.Layout, new ClientNetworks(requests.InternalNetworks, requests.TrustedProxies), tally);
            reader.Read(End(path), clock.GetUtcNow());
            return Judge(path, requests, reader);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return CheckResult.Warn(Name, path, "not there yet: the daemon waits for it", "does the syslog daemon write the proxy's access lines there?");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return CheckResult.Fail(Name, path, $"cannot be read: {e.Message}", "let the user of the daemon read it", ExitCode.InputFile);
        }
    }

    private static CheckResult Judge(string path, RequestsOptions requests, AccessLogReader reader)
    {
        var counts = reader.Counts;
        var access = counts.Counted + counts.Internal + counts.Refused + counts.Unattributed + reader.Undecided;
        var found = string.Create(
            CultureInfo.InvariantCulture,
            $"at its end {access} access lines, {counts.Counted} of them counted, {counts.Unattributed} of no account, {counts.Unreadable} unreadable, {counts.Anonymised} anonymised, {counts.Other} other lines");
        return counts.Anonymised > 0 ? CheckResult.Fail(Name, path, found, "take .anonymized out of the proxy's log_msg_template: whose a request is cannot be told", ExitCode.Configuration)
            : counts.Unreadable > access ? CheckResult.Fail(Name, path, found, "set requests.template to the proxy's log_msg_template", ExitCode.Configuration)
            : access == 0 ? CheckResult.Warn(Name, path, found, "does the syslog daemon write the proxy's access lines there? Swift logs them with level INFO")
            : counts.Unreadable > 0 ? CheckResult.Warn(Name, path, found, $"what they are is in nobody's figures, e.g. {reader.Unreadable}")
            : counts.UnattributedBytes > 0 && !requests.Layout.NamesAccounts ? CheckResult.Warn(
                Name, path, found, "if these are S3 requests: add {account} {container} to the proxy's log_msg_template and to requests.template")
            : CheckResult.Ok(Name, path, found);
    }

    /// <summary>Whole lines at the end of a file.</summary>
    private static ReadOnlySpan<byte> End(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var start = Math.Max(0, file.Length - LookedAtBytes);
        file.Position = start;
        var bytes = new byte[LookedAtBytes];
        var text = bytes.AsSpan(0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
        return text[(start == 0 ? 0 : text.IndexOf((byte)'\n') + 1)..(text.LastIndexOf((byte)'\n') + 1)];
    }
}
