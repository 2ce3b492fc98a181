using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Consometer.Delivery.Publishing;

/// <summary>
/// Sees when a connection, or a channel on it, is closed. The client tells, but what it does before it tells may hang (rabbitmq-dotnet-client issues 1930
/// and 1960): so we look, too.
/// </summary>
internal sealed class LinkWatch : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource<string> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Timer? _look;

    private LinkWatch()
    {
    }

    /// <summary>Completes, with the reason, once connection or channel is closed. Nothing is confirmed after that.</summary>
    public Task<string> Closed => _closed.Task;

    /// <param name="connection">The connection.</param>
    /// <param name="channel">A channel on it.</param>
    public static LinkWatch Start(IConnection connection, IChannel channel)
    {
        var watch = new LinkWatch();
        connection.ConnectionShutdownAsync += watch.OnShutdown;
        channel.ChannelShutdownAsync += watch.OnShutdown;

        // At once as well: it may have closed before anybody watched.
        watch._look = new Timer(_ => watch.Look(channel.CloseReason ?? connection.CloseReason), null, TimeSpan.Zero, Pause);
        return watch;
    }

    public void Dispose() => _look?.Dispose();

    private Task OnShutdown(object sender, ShutdownEventArgs reason)
    {
        Look(reason);
        return Task.CompletedTask;
    }

    private void Look(ShutdownEventArgs? reason)
    {
        if (reason is not null)
        {
            _closed.TrySetResult(BrokerFailure.Describe(reason));
        }
    }
}
