using Consometer.Rings;
using Serilog;

namespace Consometer.Daemon;

/// <summary>
/// The ring in use. The file may be replaced at any time; what is in use changes in <see cref="Refresh"/> alone, which is
/// called between rounds, so a round keeps the table it began with.
/// </summary>
internal sealed class LiveRing
{
    private const int Md5Shown = 8;

    private readonly TimeProvider _clock;

    /// <summary>One daemon may begin a round and be given a task of it at once.</summary>
    private readonly Lock _refreshing = new();

    /// <summary>One reference, because whoever measures does so while the loop refreshes.</summary>
    private volatile Use _use;

    public LiveRing(RingFile file, TimeProvider clock)
    {
        _use = new Use(file, StaleSince: null);
        _clock = clock;
    }

    /// <summary>The ring in use.</summary>
    public RingTable Table => _use.File.Table;

    /// <summary>The file that the ring in use was read from, as it was then.</summary>
    public RingFile File => _use.File;

    /// <summary>Since when the file is broken or missing; null while the ring in use is the file's.</summary>
    public DateTimeOffset? StaleSince => _use.StaleSince;

    /// <summary>Since the ring in use was written.</summary>
    public TimeSpan Age => AgeOf(_use.File);

    /// <summary>Since its file was first found broken or missing; zero while the ring in use is the file's.</summary>
    public TimeSpan Stale => _use.StaleSince is { } since ? _clock.GetUtcNow() - since : TimeSpan.Zero;

    /// <summary>Takes the file's ring into use if it is another. A file that is broken or missing is a warning, each time, and the old ring stays.</summary>
    public void Refresh(ILogger log)
    {
        lock (_refreshing)
        {
            RefreshNow(log);
        }
    }

    private TimeSpan AgeOf(RingFile file) => _clock.GetUtcNow() - file.WrittenAt;

    private void RefreshNow(ILogger log)
    {
        var (old, staleSince) = _use;
        try
        {
            var file = old.Reload();
            _use = new Use(file, StaleSince: null);
            if (file != old)
            {
                log.Event(EventId.RingReplaced).Information("the ring was replaced: {Old:l} until now, {New:l} from now on", Describe(old), Describe(file));
            }
            else if (staleSince is not null)
            {
                log.Event(EventId.RingSoundAgain).Information("the ring's file is sound again, and the ring in use, {Ring:l}, is still the one in it", Describe(old));
            }
        }
        catch (InputFileException e)
        {
            _use = new Use(old, staleSince ?? _clock.GetUtcNow());
            log.Event(EventId.RingStale).Warning(
                "{Failure:l}; the ring read before, {Ring:l}, stays in use: it is {Age} old",
                e.Message, Describe(old), TimeSpan.FromSeconds(Math.Floor(AgeOf(old).TotalSeconds)));
        }
    }

    /// <summary>Rings of before Swift 2.24.0 have no version.</summary>
    private static string Describe(RingFile file) =>
        $"{(file.Table.Header.BuilderVersion is { } version ? $"version {version}" : "no version")} (md5 {file.Md5[..Md5Shown]})";

    /// <summary>What is in use, and since when the file has had nothing better; null while it has just this.</summary>
    private sealed record Use(RingFile File, DateTimeOffset? StaleSince);
}
