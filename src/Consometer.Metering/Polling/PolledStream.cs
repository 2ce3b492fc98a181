using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Consometer.Metering.Polling;

/// <summary>What a poll writes, read while it runs.</summary>
internal static class PolledStream
{
    /// <summary>Runs a poll and reads what it writes, to its end or its error.</summary>
    /// <param name="ahead">How much it may write before anything is read.</param>
    /// <param name="poll">The poll; it ends when its token is cancelled.</param>
    /// <param name="stopping">Ends it.</param>
    public static async IAsyncEnumerable<Polled> ReadAsync(
        int ahead, Func<ChannelWriter<Polled>, CancellationToken, Task> poll, [EnumeratorCancellation] CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var stream = Channel.CreateBounded<Polled>(new BoundedChannelOptions(ahead) { SingleReader = true });
        var running = poll(stream.Writer, ending.Token).ContinueWith(
            ended => stream.Writer.Complete(ErrorOf(ended)), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            await foreach (var polled in stream.Reader.ReadAllAsync(CancellationToken.None))
            {
                yield return polled;
            }
        }
        finally
        {
            // Whoever stops reading, by an error of its own, stops the poll.
            await ending.CancelAsync();
            await running;
        }
    }

    private static Exception? ErrorOf(Task ended) => ended.IsCanceled ? new TaskCanceledException(ended) : ended.Exception?.InnerException;
}
