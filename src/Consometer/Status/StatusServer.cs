using System.Net;
using System.Net.Sockets;
using Consometer.Configuration;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Consometer.Status;

/// <summary>
/// Kestrel on one address. Alone, without a host: a host would take the program's signals, read its environment and an appsettings.json
/// that it happens to find. Whoever asks gets little of it: the daemon's work comes first.
/// </summary>
internal sealed class StatusServer : IAsyncDisposable
{
    /// <summary>A page that is under way is finished when the server goes down, if it takes no longer than this.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    private readonly KestrelServer _kestrel;

    private StatusServer(KestrelServer kestrel, IPEndPoint address)
    {
        _kestrel = kestrel;
        Address = address;
    }

    /// <summary>Where it listens; with the port that it got, if any would do.</summary>
    public IPEndPoint Address { get; }

    /// <param name="listen">The address; port 0 is any that is free.</param>
    /// <param name="answer">Answers a request.</param>
    /// <exception cref="ConfigurationException">The address is in use, or not one of this host's.</exception>
    public static async Task<StatusServer> StartAsync(IPEndPoint listen, RequestDelegate answer)
    {
        var options = new KestrelServerOptions { AddServerHeader = false, ApplicationServices = NoServices.Instance };
        Limit(options.Limits);
        ListenOptions? listener = null;

        // Every address is IPv6's and IPv4's, but where the system has no IPv6.
        var address = listen.Address.Equals(IPAddress.IPv6Any) && !Socket.OSSupportsIPv6 ? new IPEndPoint(IPAddress.Any, listen.Port) : listen;
        options.Listen(address, made => (listener = made).Protocols = HttpProtocols.Http1);
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        var kestrel = new KestrelServer(Options.Create(options), transport, NullLoggerFactory.Instance);
        try
        {
            await kestrel.StartAsync(new Application(answer), CancellationToken.None);
        }
        catch (Exception e) when (e is SocketException or IOException { InnerException: AddressInUseException })
        {
            kestrel.Dispose();
            var found = e is not SocketException socket ? "the address in use"
                : socket.SocketErrorCode == SocketError.AddressNotAvailable ? "that this host does not have the address"
                : socket.Message;
            throw new ConfigurationException($"status.listen: wanted to listen at {listen}, found {found}");
        }

        return new StatusServer(kestrel, listener!.IPEndPoint!);
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(Grace);
        await _kestrel.StopAsync(patience.Token);
        _kestrel.Dispose();
    }

    private static void Limit(KestrelServerLimits limits)
    {
        limits.MaxConcurrentConnections = 128;
        limits.MaxConcurrentUpgradedConnections = 0;
        limits.MaxRequestLineSize = 4 << 10;
        limits.MaxRequestHeadersTotalSize = 16 << 10;
        limits.MaxRequestHeaderCount = 64;
        limits.MaxRequestBodySize = 0;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
    }

    private sealed class Application(RequestDelegate answer) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public Task ProcessRequestAsync(HttpContext context) => answer(context);

        public void DisposeContext(HttpContext context, Exception? exception)
        {
        }
    }

    private sealed class NoServices : IServiceProvider
    {
        public static readonly NoServices Instance = new();

        public object? GetService(Type serviceType) => null;
    }
}
