using Consometer.Metering.Requests;

namespace Consometer.Daemon;

/// <summary>Tells of lines that are in nobody's figures, once a minute at most, however many there are.</summary>
internal sealed class LineRemarks(AccessLogReader reader, LogLayout layout, Action<RequestNews> tell, TimeProvider clock)
{
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    private long? _at;
    private long _unreadable;
    private long _unattributed;
    private long _unattributedBytes;
    private long _anonymised;
    private long _folded;

    public void Tell()
    {
        var counts = reader.Counts;
        if (_at is { } at && clock.GetElapsedTime(at) < Rest)
        {
            return;
        }

        var isMore = false;
        if (More(counts.Unreadable, ref _unreadable) is var unreadable and > 0)
        {
            tell(new RequestNews.Unreadable(unreadable, reader.Unreadable));
            isMore = true;
        }

        if (More(counts.Anonymised, ref _anonymised) is var anonymised and > 0)
        {
            tell(new RequestNews.Uncounted(anonymised, "the proxy hides names or addresses (.anonymized in its log_msg_template)"));
            isMore = true;
        }

        // An account's own page of the API, /info, favicons: some always name no account. With bodies it is traffic.
        var bytes = More(counts.UnattributedBytes, ref _unattributedBytes);
        if (More(counts.Unattributed, ref _unattributed) is var unattributed and > 0 && bytes > 0)
        {
            var advice = layout.NamesAccounts ? "" : "; of S3 requests account and container are known with {account} {container} in the proxy's log_msg_template, and in requests.template";
            tell(new RequestNews.Uncounted(unattributed, FormattableString.Invariant($"they name no account of ours, and have {bytes} bytes{advice}")));
            isMore = true;
        }

        if (More(counts.Folded, ref _folded) is var folded and > 0)
        {
            tell(new RequestNews.Uncounted(folded, "there are more containers than requests.max_containers: these are counted with their accounts"));
            isMore = true;
        }

        _at = isMore ? clock.GetTimestamp() : _at;
    }

    private static long More(long count, ref long told)
    {
        var more = count - told;
        told = count;
        return more;
    }
}
