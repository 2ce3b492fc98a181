using System.Globalization;
using System.Threading.Channels;
using Consometer.Configuration;
using Consometer.Daemon;
using Consometer.Delivery.Publishing;
using Consometer.Delivery.Store;
using Consometer.Metering.Rounds;
using Serilog;

namespace Consometer.Export.Graphite;

/// <summary>Tells carbon of every round that ended, in its own time: whoever tells of rounds never waits.</summary>
internal sealed class GraphiteExport
{
    private readonly string _root;
    private readonly string _own;
    private readonly string _storePath;
    private readonly Cluster? _cluster;
    private readonly TimeProvider _clock;
    private readonly Carbon _carbon;
    private readonly PublishedCount? _published;
    private readonly Channel<Moment> _moments = Channel.CreateBounded<Moment>(new BoundedChannelOptions(Carbon.MomentsMax) { FullMode = BoundedChannelFullMode.DropOldest });

    public GraphiteExport(GraphiteOptions graphite, ConsometerOptions options, Cluster? cluster, ILogger log, TimeProvider clock)
    {
        _root = GraphiteLines.Root(graphite, options.Region);
        _own = options.Sharing is null ? "" : GraphiteLines.OwnLevel(Environment.MachineName);
        _storePath = options.StorePath;
        _cluster = cluster;
        _clock = clock;
        _carbon = new Carbon(graphite, log, clock);

        // The report of a shared round tells: a task is reported when its samples are confirmed.
        _published = options.Sharing is not null ? null : new PublishedCount([.. (options.Delivery?.Publications ?? []).Select(publication => publication.Format.Name)], SendPublished);
    }

    /// <summary>A round's lines have the time at which it ended, as before: two tries of one period are two points.</summary>
    public void Tell(RoundNews news)
    {
        switch (news)
        {
            case RoundNews.Ended { Report: var report }:
                var ended = report.Started + TimeSpan.FromSeconds(report.Seconds);
                _published?.Begin(ended, report.IsComplete ? report.Samples : 0);
                _moments.Writer.TryWrite(new Moment(ended, report));
                break;
            case RoundNews.Failed:
                _moments.Writer.TryWrite(new Moment(_clock.GetUtcNow(), null));
                break;
        }
    }

    public void Tell(Publication publication, PumpNews news) => _published?.Tell(publication.Format.Name, news);

    /// <summary>What is to be at work, each until it is cancelled.</summary>
    public IEnumerable<Func<CancellationToken, Task>> Work => [_carbon.RunAsync, MakeLinesAsync];

    private async Task MakeLinesAsync(CancellationToken stopping)
    {
        await foreach (var (time, report) in _moments.Reader.ReadAllAsync(stopping))
        {
            var lines = new GraphiteLines(_root, time);
            if (report is not null)
            {
                lines.Add(report);
            }

            AddOutbox(lines, time);
            AddCluster(lines);
            _carbon.Send(lines.ToString());
        }
    }

    private void AddOutbox(GraphiteLines lines, DateTimeOffset time)
    {
        try
        {
            var waiting = StoreLevel.Read(_storePath).Waiting;
            lines.Add($"{_own}outbox.messages", waiting.Sum(backlog => backlog.Messages));
            lines.Add($"{_own}outbox.samples", waiting.Sum(backlog => backlog.Samples));
            lines.Add($"{_own}outbox.oldest", waiting.Select(backlog => time - DateTimeOffset.Parse(backlog.OldestRound, CultureInfo.InvariantCulture)).DefaultIfEmpty().Max());
        }
        catch (StoreException)
        {
            // Unknown is never 0; whoever needs the store says what is wrong with it.
        }
    }

    private void AddCluster(GraphiteLines lines)
    {
        if (_cluster?.Ring is { } ring)
        {
            lines.Add($"{_own}ring.age", ring.Age);
            lines.Add($"{_own}ring.stale", ring.Stale);
        }

        if (_cluster?.Projects.Age is { } age)
        {
            lines.Add($"{_own}projects.age", age);
        }
    }

    private void SendPublished(DateTimeOffset ended, long samples)
    {
        var lines = new GraphiteLines(_root, ended);
        lines.Add("published", samples);
        _carbon.Send(lines.ToString());
    }

    /// <param name="Time">When it was.</param>
    /// <param name="Report">Of the round that ended then; null of one that came to nothing.</param>
    private readonly record struct Moment(DateTimeOffset Time, RoundReport? Report);
}
