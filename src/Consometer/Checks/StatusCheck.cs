using System.Net;
using System.Net.Sockets;
using Consometer.Configuration;

namespace Consometer.Checks;

/// <summary>Whether the daemon can listen where it is told to, or does already. The default is also a Swift proxy's port.</summary>
internal static class StatusCheck
{
    public const string Name = "status";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static async Task<CheckResult> RunAsync(ConsometerOptions options, CancellationToken stopping)
    {
        if (options.Status.Listen is not { } listen)
        {
            return CheckResult.Ok(Name, "", "none is configured: nothing listens");
        }

        using var socket = new Socket(listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // As the daemon: over a connection of before that is still being closed, and not over somebody who listens.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(listen);
            socket.Listen();
            return CheckResult.Ok(Name, listen.ToString(), "free for the daemon");
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return await IsConsometerAsync(listen, stopping)
                ? CheckResult.Ok(Name, listen.ToString(), "consometer listens")
                : Taken(listen, options.Status.IsListenGiven);
        }
        catch (SocketException e)
        {
            return Fail(listen, e.Message, "set status.listen to an address of this host, and a port that this user may take");
        }
    }

    private static async Task<bool> IsConsometerAsync(IPEndPoint listen, CancellationToken stopping)
    {
        var address = listen.Address.Equals(IPAddress.Any) ? IPAddress.Loopback : listen.Address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : listen.Address;
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = Patience, MaxResponseContentBufferSize = 1 << 16 };
        try
        {
            return (await http.GetStringAsync(new Uri($"http://{new IPEndPoint(address, listen.Port)}/version"), stopping)).Contains("\"consometer\"", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !stopping.IsCancellationRequested)
        {
            return false;
        }
    }

    private static CheckResult Taken(IPEndPoint listen, bool isGiven)
    {
        const string Found = "another program listens there";
        const string Remedy = "set status.listen to another port, or to none";
        return isGiven ? Fail(listen, Found, Remedy) : CheckResult.Warn(Name, listen.ToString(), $"{Found}: the daemon will run without page, health and metrics", Remedy);
    }

    private static CheckResult Fail(IPEndPoint listen, string found, string remedy) => CheckResult.Fail(Name, listen.ToString(), found, remedy, ExitCode.Configuration);
}
