using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Consometer.Simulation;

/// <summary>One of the servers that share a <see cref="LoopbackServer"/>, each on a port of its own.</summary>
internal interface ILoopbackService
{
    /// <summary>Called for every new connection; <paramref name="next"/> serves HTTP on it until it ends.</summary>
    public Task MeetAsync(ConnectionContext connection, ConnectionDelegate next);

    /// <summary>Called for every request.</summary>
    /// <param name="context">The request, and the answer to fill.</param>
    /// <param name="closing">Cancelled when the server goes down: whoever waits must stop.</param>
    public Task AnswerAsync(HttpContext context, CancellationToken closing);
}

/// <summary>
/// Kestrel on 127.0.0.1, one free port per service. Kestrel alone, without a host: a host would take the program's Ctrl+C, read its
/// environment and an appsettings.json it happens to find.
/// </summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly KestrelServer _kestrel;
    private readonly CancellationTokenSource _closing;

    private LoopbackServer(KestrelServer kestrel, CancellationTokenSource closing, IReadOnlyList<int> ports)
    {
        _kestrel = kestrel;
        _closing = closing;
        Ports = ports;
    }

    /// <summary>The ports, in the order of the services.</summary>
    public IReadOnlyList<int> Ports { get; }

    public static async Task<LoopbackServer> StartAsync(IReadOnlyList<ILoopbackService> services, CancellationToken stopping)
    {
        var options = new KestrelServerOptions { AddServerHeader = false, ApplicationServices = NoServices.Instance };
        var listeners = new List<ListenOptions>(services.Count);
        foreach (var service in services)
        {
            options.Listen(IPAddress.Loopback, 0, listener =>
            {
                listener.Protocols = HttpProtocols.Http1;
                listener.Use(next => connection =>
                {
                    connection.Features.Set(service);
                    return service.MeetAsync(connection, next);
                });
                listeners.Add(listener);
            });
        }

        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        var kestrel = new KestrelServer(Options.Create(options), transport, NullLoggerFactory.Instance);
        var closing = new CancellationTokenSource();
        await kestrel.StartAsync(new Application(closing.Token), stopping);
        return new LoopbackServer(kestrel, closing, [.. listeners.Select(listener => listener.IPEndPoint!.Port)]);
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();

        // Down at once: whoever still talks to a simulated server is of no interest any more.
        await _kestrel.StopAsync(new CancellationToken(canceled: true));
        _kestrel.Dispose();
        _closing.Dispose();
    }

    /// <summary>Finds the service in what its listener left on the connection.</summary>
    private sealed class Application(CancellationToken closing) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public Task ProcessRequestAsync(HttpContext context) =>
            context.Features.GetRequiredFeature<ILoopbackService>().AnswerAsync(context, closing);

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
