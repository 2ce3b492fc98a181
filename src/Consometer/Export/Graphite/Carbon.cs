using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Consometer.Configuration;
using Consometer.Daemon;
using Consometer.Delivery.Publishing;
using Serilog;

namespace Consometer.Export.Graphite;

/// <summary>
/// The way to carbon. Lines wait here while it does not take them, each with its own time, and are forgotten when it has read them: it closes the
/// connection then, since nothing more will come. Nobody but this waits for it.
/// </summary>
/// <param name="options">Where it is.</param>
/// <param name="log">Told when it begins to fail, and when it is well again.</param>
/// <param name="clock">What is waited by.</param>
internal sealed class Carbon(GraphiteOptions options, ILogger log, TimeProvider clock)
{
    /// <summary>Moments that wait at most: the oldest are forgotten. A round is two, since what is published of it comes later.</summary>
    public const int MomentsMax = 2 * RoundsMax;

    private const int RoundsMax = 1000;
    private const int MomentsPerConnection = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Channel<string> _come = Channel.CreateBounded<string>(new BoundedChannelOptions(MomentsMax) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly Queue<string> _waiting = [];
    private readonly Backoff _backoff = new();
    private bool _isFailing;

    /// <summary>Has the lines of a moment sent.</summary>
    public void Send(string lines) => _come.Writer.TryWrite(lines);

    /// <summary>Sends what comes, until stopped.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> was cancelled; what waits is forgotten.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (_waiting.Count > 0 || await _come.Reader.WaitToReadAsync(stopping))
        {
            Take();
            string[] moments = [.. _waiting.Take(MomentsPerConnection)];
            if (await FailureAsync(string.Concat(moments), stopping) is { } failure)
            {
                await TellAndWaitAsync(failure, stopping);
                continue;
            }

            foreach (var _ in moments)
            {
                _waiting.Dequeue();
            }

            TellIfWellAgain();
        }
    }

    private void Take()
    {
        while (_come.Reader.TryRead(out var lines))
        {
            _waiting.Enqueue(lines);
            if (_waiting.Count > MomentsMax)
            {
                _waiting.Dequeue();
            }
        }
    }

    /// <returns>Null, and carbon has read it all.</returns>
    private async Task<string?> FailureAsync(string lines, CancellationToken stopping)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, patience.Token);
        try
        {
            using var carbon = new TcpClient();
            await carbon.ConnectAsync(options.Host, options.Port, either.Token);
            await carbon.Client.SendAsync(Encoding.UTF8.GetBytes(lines), either.Token);
            carbon.Client.Shutdown(SocketShutdown.Send);
            await UntilClosedAsync(carbon.Client, either.Token);
            return null;
        }
        catch (SocketException e)
        {
            return e.Message;
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return $"nothing within {Patience.TotalSeconds:0} s";
        }
    }

    private static async Task UntilClosedAsync(Socket carbon, CancellationToken stopping)
    {
        var unread = new byte[1];
        while (await carbon.ReceiveAsync(unread, stopping) > 0)
        {
        }
    }

    private async Task TellAndWaitAsync(string failure, CancellationToken stopping)
    {
        if (!_isFailing)
        {
            _isFailing = true;
            log.Event(EventId.GraphiteFailed).Warning(
                "graphite: wanted {Host:l}:{Port} to take lines and close the connection, found {Failure:l}; they wait, those of the last {Rounds} rounds",
                options.Host, options.Port, failure, RoundsMax);
        }

        await Task.Delay(_backoff.Next(), clock, stopping);
    }

    private void TellIfWellAgain()
    {
        _backoff.Reset();
        if (_isFailing)
        {
            _isFailing = false;
            log.Event(EventId.GraphiteSent).Information("graphite: {Host:l}:{Port} takes lines again", options.Host, options.Port);
        }
    }
}
