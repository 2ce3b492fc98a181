using System.Globalization;
using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Lab;

/// <summary>The lab's proxy that writes an access log, until disposed.</summary>
internal sealed class LoggedProxy : IAsyncDisposable
{
    /// <summary>Its own address. Whoever connects from another address of loopback has that one in the log.</summary>
    public const string Url = "http://127.0.0.1:8081";

    public const int Port = 8081;

    /// <summary>Swift's own template, as far as this release's goes.</summary>
    public const string SwiftTemplate =
        "{client_ip} {remote_addr} {end_time.datetime} {method} {path} {protocol} {status_int} {referer} {user_agent} {auth_token} "
        + "{bytes_recvd} {bytes_sent} {client_etag} {transaction_id} {headers} {request_time} {source} {log_info} {start_time} {end_time} {policy_index}";

    private const string Script = "logged-proxy";

    private LoggedProxy()
    {
    }

    /// <summary>What rsyslog writes to.</summary>
    public static string LogFile { get; } = Path.Combine(RealSwift.Folder, "rsyslog/access.log");

    /// <summary>Each line of its log is a datagram to this port.</summary>
    public static Task<LoggedProxy> OverUdpAsync(int port) => StartAsync("udp", port.ToString(CultureInfo.InvariantCulture));

    /// <summary>Each line of its log goes through rsyslog to <see cref="LogFile"/>.</summary>
    /// <param name="more">What each line has after what Swift's own template says.</param>
    public static Task<LoggedProxy> OverSyslogAsync(string more) => StartAsync("syslog", more);

    /// <summary>The file gets another name, and rsyslog begins a new one.</summary>
    public static async Task RotateAsync() => (await Programs.LabAsync(Script, "rotate")).Succeeded();

    public async ValueTask DisposeAsync() => (await Programs.LabAsync(Script, "down")).Succeeded();

    /// <summary>Skips the test where it cannot run; fails it where it should have.</summary>
    private static async Task<LoggedProxy> StartAsync(params string[] arguments)
    {
        var run = await Programs.LabAsync(Script, arguments);
        Assert.SkipWhen(run.ExitCode == ProgramRun.CannotRunHere, run.Errors);
        run.Succeeded();
        return new LoggedProxy();
    }
}
