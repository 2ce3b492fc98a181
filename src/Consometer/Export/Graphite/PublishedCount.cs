using Consometer.Delivery.Publishing;

namespace Consometer.Export.Graphite;

/// <summary>
/// How many samples of a round the broker has confirmed: counted when every format's outbox is empty, or, if that does not come, when the next
/// round ends.
/// </summary>
/// <param name="formats">The formats that are delivered. Of several the one counts that has least: that many are with all consumers.</param>
/// <param name="tell">Told the round's time and the number; not called by two at once.</param>
internal sealed class PublishedCount(IReadOnlyList<string> formats, Action<DateTimeOffset, long> tell)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (long Samples, bool IsAll)> _delivered = formats.ToDictionary(format => format, _ => (0L, false));
    private DateTimeOffset? _ended;
    private long _made;

    /// <summary>A round has ended, with so many samples to deliver.</summary>
    public void Begin(DateTimeOffset ended, long made)
    {
        lock (_lock)
        {
            TellAndForget();
            (_ended, _made) = (ended, made);
        }
    }

    public void Tell(string format, PumpNews news)
    {
        lock (_lock)
        {
            var (samples, isAll) = _delivered[format];
            _delivered[format] = news switch
            {
                PumpNews.Delivered delivered => (samples + delivered.Samples, false),

                // Before the first of them it was idle because it had not seen them yet.
                PumpNews.Idle => (samples, samples > 0 || _made == 0),
                _ => (samples, isAll),
            };
            if (_delivered.Values.All(each => each.IsAll))
            {
                TellAndForget();
            }
        }
    }

    private void TellAndForget()
    {
        if (_ended is { } ended && formats.Count > 0)
        {
            tell(ended, _delivered.Values.Min(each => each.Samples));
            _ended = null;
            foreach (var format in formats)
            {
                _delivered[format] = (0, false);
            }
        }
    }
}
