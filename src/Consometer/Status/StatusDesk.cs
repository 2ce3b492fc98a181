using System.Net;
using Consometer.Configuration;
using Consometer.Daemon;
using Microsoft.AspNetCore.Http;
using Serilog;

namespace Consometer.Status;

/// <summary>
/// Where the process shows how it is: one address at a time, and the site of the daemon at work. It outlives a daemon that gives way to
/// another, so that nobody who asks meanwhile finds a closed door.
/// </summary>
internal sealed class StatusDesk : IAsyncDisposable
{
    private IPEndPoint? _listen;
    private StatusServer? _server;
    private volatile StatusSite? _site;

    /// <summary>Where it listens; null for nowhere.</summary>
    public IPEndPoint? Address => _server?.Address;

    /// <summary>From now on this is shown.</summary>
    public void Show(StatusSite site) => _site = site;

    /// <summary>Listens there, and nowhere else; where it does already, nothing happens.</summary>
    /// <param name="status">The address. One that the operator did not name, and that cannot be had, is a warning.</param>
    /// <param name="log">Told of the address that is got, or not.</param>
    /// <exception cref="ConfigurationException">It cannot be listened to: then all stays as it was.</exception>
    public async Task MoveAsync(StatusOptions status, ILogger log)
    {
        try
        {
            await MoveAsync(status.Listen, log);
        }
        catch (ConfigurationException e) when (!status.IsListenGiven)
        {
            log.Event(EventId.NotListening).Warning("{Failure:l}; the daemon works on without status page, health and metrics", e.Message);
        }
    }

    /// <summary>Listens there, and nowhere else; where it does already, nothing happens.</summary>
    /// <param name="listen">The address; null for none.</param>
    /// <param name="log">Told of the address that is got.</param>
    /// <exception cref="ConfigurationException">It cannot be listened to: then all stays as it was.</exception>
    public async Task MoveAsync(IPEndPoint? listen, ILogger log)
    {
        if (Equals(listen, _listen))
        {
            return;
        }

        // One address and all addresses cannot be had at once, with the same port.
        var old = _server;
        var isInTheWay = old is not null && listen is not null && listen.Port == old.Address.Port;
        if (isInTheWay)
        {
            _server = null;
            await old!.DisposeAsync();
        }

        try
        {
            _server = await StartAsync(listen);
        }
        catch (ConfigurationException) when (isInTheWay)
        {
            _server = await StartAsync(old!.Address);
            throw;
        }

        _listen = listen;
        if (old is not null && !isInTheWay)
        {
            await old.DisposeAsync();
        }

        if (_server is not null)
        {
            log.Event(EventId.Listening).Information("the status page is at http://{Address:l}{Path:l}", _server.Address.ToString(), StatusPaths.Page);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private async Task<StatusServer?> StartAsync(IPEndPoint? listen) => listen is null ? null : await StatusServer.StartAsync(listen, context => AnswerAsync(context, listen.Address));

    private Task AnswerAsync(HttpContext context, IPAddress listen) =>
        HostRule.RefusalOf(context.Request.Host, listen) is { } refusal ? Answers.TextAsync(context, StatusCodes.Status421MisdirectedRequest, refusal)
        : _site is { } site ? site.AnswerAsync(context)
        : Answers.TextAsync(context, StatusCodes.Status503ServiceUnavailable, "the daemon starts");
}
