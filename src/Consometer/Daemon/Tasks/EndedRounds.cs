using System.Text.Json;
using Consometer.Configuration;
using Consometer.Delivery.Publishing;
using Consometer.Delivery.Store;
using Consometer.Delivery.Tasks;
using Consometer.Metering.Tasks;

namespace Consometer.Daemon.Tasks;

/// <summary>Keeps how shared rounds ended in this daemon's store, as the rounds that they are: so every daemon can tell.</summary>
/// <param name="options">The configuration.</param>
/// <param name="store">This daemon's store; this one's alone.</param>
/// <param name="tellRound">Told of each.</param>
/// <param name="tell">Told of what cannot be read.</param>
internal sealed class EndedRounds(ConsometerOptions options, SampleStore store, Action<RoundNews> tellRound, Action<SharedNews> tell)
{
    /// <summary>The last round that is known of.</summary>
    public RoundEnded? Last { get; private set; }

    /// <summary>Keeps each round that ends, until the link is lost; and first the last one, if it ended meanwhile.</summary>
    /// <exception cref="BrokerException">The link is lost.</exception>
    public async Task ListenAsync(TaskLink link, CancellationToken ending)
    {
        await using var inbox = await link.HearEndedAsync(ending);
        Read(link.Queues.Last, await link.LastAsync(ending));
        await foreach (var letter in inbox.Letters.ReadAllAsync(ending))
        {
            Read(link.Queues.Last, letter);
            await inbox.AckAsync(letter);
        }
    }

    private void Read(QueueTerms queue, Letter? letter)
    {
        try
        {
            if (letter is not null && RoundEnded.FromJson(letter.Body) is var ended && ended.Round.Region == options.Region && ended.Round.Id != Last?.Round.Id)
            {
                Last = ended;
                Keep(ended);
            }
        }
        catch (JsonException e)
        {
            tell(new SharedNews.Unreadable(queue.Name, e.Message));
        }
    }

    private void Keep(RoundEnded ended)
    {
        var time = ended.Round.Time;
        try
        {
            if (store.LastRound(options.Region) >= time.Start)
            {
                return;
            }

            using var entry = store.BeginRound(new NewRound(time, options.Region) { KeepsSamples = false });
            foreach (var remark in ended.Remarks)
            {
                entry.Keep(remark);
            }

            if (ended.Report.IsComplete)
            {
                entry.TakeTasks();
            }

            entry.End(ended.Report);
            tellRound(new RoundNews.Ended(time, ended.Report, (int)ended.Report.Withheld));
        }
        catch (StoreException e)
        {
            tellRound(new RoundNews.Failed(time, e.Message) { IsOfStore = true });
        }
    }
}
