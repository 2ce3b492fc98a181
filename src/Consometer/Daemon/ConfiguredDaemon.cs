using Consometer.Configuration;
using Consometer.Daemon.Tasks;
using Consometer.Delivery.Publishing;
using Consometer.Delivery.Store;
using Consometer.Export;
using Consometer.Export.Prometheus;
using Consometer.Status;
using Microsoft.AspNetCore.Http;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Consometer.Daemon;

/// <summary>
/// The daemon under one configuration: all that it has opened, and its work until it is stopped, or gives way to one under another
/// configuration.
/// </summary>
internal sealed class ConfiguredDaemon : IDisposable
{
    /// <summary>No step of a round takes longer where all is well: the slowest are answers of Keystone's that are asked for again, and commits.</summary>
    private static readonly TimeSpan StepMin = TimeSpan.FromMinutes(10);

    /// <summary>Requests that an account may cost one after another: all primaries, as many handoffs, each as long as a node may take, and pages of containers.</summary>
    private const int RequestsPerAccount = 20;

    private readonly Logger _log;
    private readonly Instruments _instruments;
    private readonly Cluster? _cluster;
    private readonly SampleStore _store;
    private readonly Heartbeat _heartbeat;
    private readonly StatusBoard _board;
    private readonly LogDesk _logs;
    private readonly RequestProgress? _requests;
    private readonly SharedProgress? _shared;
    private readonly Wakeup _confirmed = new();
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _retiring = new();
    private volatile MetricsPage? _metrics;

    private ConfiguredDaemon(ConsometerOptions options, Logger log, Instruments instruments, Cluster? cluster, SampleStore store, LogDesk logs, RecentTrouble trouble, TimeProvider clock)
    {
        Options = options;
        _log = log;
        _instruments = instruments;
        _cluster = cluster;
        _store = store;
        _clock = clock;
        var account = RequestsPerAccount * options.Swift.Servers.NodeTimeout;
        _heartbeat = new Heartbeat(account > StepMin ? account : StepMin, clock);
        _logs = logs;
        _requests = options.Requests is null ? null : new RequestProgress(new Heartbeat(StepMin, clock));
        _shared = options.Sharing is null ? null : new SharedProgress(clock);
        _board = new StatusBoard(options, cluster?.Ring, cluster?.Projects ?? new LiveProjects(clock), _heartbeat, trouble, clock) { Requests = _requests, Shared = _shared };
        Site = new StatusSite(_board, MetricsAsync);
    }

    public ConsometerOptions Options { get; }

    public ILogger Log => _log;

    /// <summary>What it shows of itself.</summary>
    public StatusSite Site { get; }

    /// <summary>Opens all that the configuration names, so that one that cannot work is found out before anything depends on it.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="log">Its log, which belongs to the daemon from now on.</param>
    /// <param name="openStore">Opens the store.</param>
    /// <param name="logs">Where datagrams of access logs come in.</param>
    /// <param name="trouble">What was logged as a warning or an error, by it or one before it.</param>
    /// <param name="clock">What it goes by.</param>
    /// <exception cref="ConfigurationException">What the access log should come from cannot be listened to.</exception>
    /// <exception cref="Rings.InputFileException">Ring or swift.conf cannot be read or are wrong.</exception>
    /// <exception cref="StoreException">The store cannot be opened.</exception>
    public static ConfiguredDaemon Open(ConsometerOptions options, Logger log, Func<SampleStore> openStore, LogDesk logs, RecentTrouble trouble, TimeProvider clock)
    {
        var instruments = new Instruments(options, clock);
        Cluster? cluster = null;
        try
        {
            cluster = options.HasRounds ? Cluster.Open(options, clock, instruments.Nodes) : null;
            logs.Listen(options.Requests?.Listen);
            return new ConfiguredDaemon(options, log, instruments, cluster, openStore(), logs, trouble, clock);
        }
        catch (Exception e) when (OperatorFailure.ExitCodeOf(e) is not null)
        {
            cluster?.Dispose();
            instruments.Dispose();
            log.Dispose();
            throw;
        }
    }

    /// <summary>A round every period, and the delivery of what they make, until it is stopped or retired.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        TellOfStart();
        TellOfBacklog();
        using var exports = Exports.Begin(Options, _instruments, _cluster, _requests, _shared, _store.LastRound(Options.Region), Log, _clock);
        _metrics = exports.Page;
        using var pumps = Pumps.Open(Options, publication => TellOf(publication, exports), _clock);

        // None ends by itself but by a defect, and that ends the others: a daemon that only polls, or only delivers, is none.
        await Together.RunAsync(
            [ending => RoundsAsync(pumps, exports, ending), ending => RequestsAsync(pumps, ending), pumps.RunAsync, exports.RunAsync],
            stopping);
    }

    /// <summary>A round every period; where there are none, nothing until it is retired.</summary>
    private Task RoundsAsync(Pumps pumps, Exports exports, CancellationToken ending)
    {
        if (_cluster is null)
        {
            return EndAsync(_retiring.Token, ending);
        }

        Action<RoundNews> tell = new RoundLog(Log).Tell;
        tell += _board.Tell;
        tell += exports.Tell;
        tell += news => WakeFor(news is RoundNews.Ended, pumps);
        return _shared is null
            ? new RoundLoop(Options, _cluster, _store, _heartbeat, tell + _heartbeat.Tell, Log, _clock).RunAsync(_retiring.Token, ending)
            : SharedRounds(_cluster, _shared, pumps, tell).RunAsync(_retiring.Token, ending);
    }

    /// <summary>What happens there comes from several threads, and is told one after another. The heart is the worker's: who coordinates may be another any time.</summary>
    private SharedRounds SharedRounds(Cluster cluster, SharedProgress shared, Pumps pumps, Action<RoundNews> tellRound)
    {
        var telling = new Lock();
        Action<SharedNews> tell = new SharedLog(Log).Tell;
        tell += shared.Tell;
        tell += news => TryFor(news is SharedNews.Joined, pumps);
        return new SharedRounds(Options, cluster, new Deliveries(pumps.Wake, _confirmed), _heartbeat, Serially(tellRound), Serially(tell), Log, _clock);

        Action<T> Serially<T>(Action<T> each) => news =>
        {
            lock (telling)
            {
                each(news);
            }
        };
    }

    /// <summary>Requests are counted until rounds end, so that a reload in mid-round misses none.</summary>
    private Task RequestsAsync(Pumps pumps, CancellationToken ending)
    {
        if (_requests is null)
        {
            return EndAsync(ending, ending);
        }

        Action<RequestNews> tell = new RequestLog(Log).Tell;
        tell += news => WakeFor(news is RequestNews.Closed, pumps);
        var log = Options.Requests!;
        return new RequestLoop(Options, log, (from, since, tellOfLog) => _logs.Open(log, from, since, tellOfLog), _requests, tell, _clock).RunAsync(ending);
    }

    /// <summary>Ends the work when the round in hand is done; what is not delivered waits for whoever comes next.</summary>
    public void Retire() => _retiring.Cancel();

    public void Dispose()
    {
        _store.Dispose();
        _cluster?.Dispose();
        _instruments.Dispose();
        _log.Dispose();
        _retiring.Dispose();
    }

    private Task MetricsAsync(HttpContext context) =>
        _metrics is { } page ? page.ServeAsync(context) : Answers.TextAsync(context, StatusCodes.Status503ServiceUnavailable, "the daemon starts");

    private Action<PumpNews> TellOf(Publication publication, Exports exports)
    {
        Action<PumpNews> tell = new PumpLog(publication, _shared is null ? LogEventLevel.Information : LogEventLevel.Debug, Log).Tell;
        tell += news => _board.Tell(publication.Format.Name, news);
        tell += news => RingFor(news is PumpNews.Delivered);
        return tell + (news => exports.Tell(publication, news));
    }

    private static void WakeFor(bool isMore, Pumps pumps)
    {
        if (isMore)
        {
            pumps.Wake();
        }
    }

    /// <summary>Tasks are done where they can be delivered: pumps that had failed as often would wait up to a minute longer, and the tasks in hand with them.</summary>
    private static void TryFor(bool isThere, Pumps pumps)
    {
        if (isThere)
        {
            pumps.TryNow();
        }
    }

    private void RingFor(bool isConfirmed)
    {
        if (isConfirmed)
        {
            _confirmed.Ring();
        }
    }

    /// <summary>Until one of them is cancelled.</summary>
    private static async Task EndAsync(CancellationToken one, CancellationToken other)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(one, other);
        await Task.Delay(Timeout.InfiniteTimeSpan, either.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private void TellOfStart()
    {
        var log = Log.Event(EventId.DaemonStarted);
        if (Options.HasRounds)
        {
            log.Information("metering region {Region} every {Period}; samples are kept in {Store}", Options.Region, Options.Period, _store.Path);
        }
        else
        {
            log.Information("counting requests of region {Region}, in intervals of {Interval}; samples are kept in {Store}", Options.Region, Options.Requests!.Interval, _store.Path);
        }
    }

    private void TellOfBacklog()
    {
        foreach (var backlog in _store.Waiting())
        {
            var isConfigured = Options.Delivery?.Publications.Any(publication => publication.Format.Name == backlog.Format) ?? false;
            Log.Event(EventId.BacklogFound).Write(
                isConfigured ? LogEventLevel.Information : LogEventLevel.Warning,
                "{Messages} messages of format {Format:l} wait in the outbox, the oldest of round {Round:l}{Remark:l}",
                backlog.Messages, backlog.Format, backlog.OldestRound, isConfigured ? "" : "; publish.format does not have it, so they stay there");
        }
    }
}
