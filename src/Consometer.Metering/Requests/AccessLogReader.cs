using System.Text;

namespace Consometer.Metering.Requests;

/// <summary>
/// Reads the proxy's access log: which line is a client's request, whose, what it was and from where, and adds it up. Does no input or output, and
/// knows no clock. Nothing in a line stops it.
/// </summary>
/// <param name="layout">The layout of the lines.</param>
/// <param name="networks">Which clients are internal.</param>
/// <param name="tally">Where it is added up.</param>
public sealed class AccessLogReader(LogLayout layout, ClientNetworks networks, TrafficTally tally)
{
    private const int ShownMax = 300;

    private readonly HeldTransactions _held = new(tally.Grace);
    private readonly BulkTransactions _bulk = new();
    private readonly Range[] _fields = new Range[(int)LogField.None];
    private byte[] _unreadable = [];

    /// <summary>What became of the lines.</summary>
    public LineCounts Counts { get; } = new();

    /// <summary>When the latest request ended.</summary>
    public DateTimeOffset Latest { get; private set; }

    /// <summary>Lines that say something of others to come: of some it is not clear yet whether they are a client's. To be given to <see cref="Read(ReadOnlySpan{byte}, DateTimeOffset)"/> again by whoever goes on.</summary>
    public IEnumerable<byte[]> Held => _held.Lines.Concat(_bulk.Lines);

    /// <summary>How many of these are in no counter yet: one of each transaction, which is the client's if no other comes.</summary>
    public int Undecided => _held.Count;

    /// <summary>The last line that could not be read, or the beginning of it, such that it can be shown.</summary>
    public string Unreadable => string.Concat(Encoding.UTF8.GetString(_unreadable).Select(each => char.IsControl(each) ? '?' : each));

    /// <summary>Reads lines.</summary>
    /// <param name="text">Whole lines, with their ends.</param>
    /// <param name="now">The time: no request has ended later.</param>
    public void Read(ReadOnlySpan<byte> text, DateTimeOffset now)
    {
        while (!text.IsEmpty)
        {
            var end = text.IndexOf((byte)'\n');
            var line = end < 0 ? text : text[..end];
            ReadLine(line.TrimEnd("\r\0"u8), now);
            text = end < 0 ? [] : text[(end + 1)..];
        }
    }

    /// <summary>Counts what was held and no other line comes for.</summary>
    /// <param name="time">What the log is at.</param>
    public void Settle(DateTimeOffset time)
    {
        foreach (var line in _held.Settle(time))
        {
            CountHeld(line, time);
        }
    }

    private void ReadLine(ReadOnlySpan<byte> text, DateTimeOffset now)
    {
        if (text.IsEmpty)
        {
            return;
        }

        switch (layout.Find(text, _fields, out var end))
        {
            case LineKind.Access:
                Read(new AccessLine(text, _fields, end), now);
                break;
            case LineKind.Other:
                Counts.Other++;
                break;
            default:
                Counts.Unreadable++;
                _unreadable = text[..Math.Min(text.Length, ShownMax)].ToArray();
                break;
        }
    }

    private void Read(AccessLine line, DateTimeOffset now)
    {
        var end = line.End;
        if (end > Latest)
        {
            Latest = end < now ? end : now;
        }

        // Swift's daemons go through a proxy of their own, without a connection.
        var isOfNobody = AccessLine.IsNothing(line.RemoteAddr);
        if (line.IsAnonymised)
        {
            Counts.Anonymised++;
        }
        else if (isOfNobody)
        {
            Counts.Internal++;
            if (BulkTransactions.IsPart(line))
            {
                _bulk.Add(line);
            }
        }
        else if (!line.HasSource)
        {
            var backend = _held.Take(line.Transaction);
            Counts.Internal += backend is null ? 0 : 1;
            Count(line, backend ?? [], now);
        }
        else
        {
            Counts.Internal += _held.Hold(line) ? 1 : 0;
            while (_held.IsOver)
            {
                CountHeld(_held.SettleOldest(), now);
            }
        }
    }

    private void CountHeld(byte[] text, DateTimeOffset now)
    {
        var fields = new Range[(int)LogField.None];
        if (layout.Find(text, fields, out var end) == LineKind.Access)
        {
            Count(new AccessLine(text, fields, end), [], now);
        }
    }

    private void Count(AccessLine line, IReadOnlyList<BackendRequest> backend, DateTimeOffset now)
    {
        var status = line.Status;
        var path = LoggedPath.Of(line.Path);
        if (RequestRule.IsRefused(status) || (RequestRule.IsBulk(line.Method, path) && !_bulk.Take(line.Transaction)))
        {
            Counts.Refused++;
            return;
        }

        var (received, sent) = (line.BytesReceived, line.BytesSent);
        var end = line.End;
        var interval = tally.Of(end < now ? end : now);
        var operation = RequestRule.OfSwift(line.Method, status, path);
        var found = path.IsSwift && !S3Request.IsKeyOf(line, path) ? Find(interval, path, operation) : null;
        if (found is null && (S3Request.ByTemplate(line) ?? S3Request.ByBackend(line, backend)) is { } request)
        {
            operation = RequestRule.OfS3(line.Method, status, request, path);
            found = Find(interval, request, operation);
        }

        if (found is null)
        {
            Counts.Unattributed++;
            Counts.UnattributedBytes += received + sent;
            return;
        }

        interval.Add(found.Owner, RequestMeters.Incoming, received);
        interval.Add(found.Owner, RequestMeters.Outgoing, sent);
        if (operation != Operation.None)
        {
            AddOperation(interval, found, operation, line, received, sent);
        }

        Counts.Counted++;
        Counts.Late += end < tally.ClosedUntil ? 1 : 0;
    }

    /// <summary>The container of an operation, the account of anything else; null if it is nobody's.</summary>
    private Traffic? Find(IntervalTraffic interval, LoggedPath path, Operation operation) =>
        operation == Operation.None ? interval.Find(path.Account) : interval.Find(path.Account, path.AccountAndContainer, tally.Room);

    /// <inheritdoc cref="Find(IntervalTraffic, LoggedPath, Operation)"/>
    private Traffic? Find(IntervalTraffic interval, S3Request request, Operation operation)
    {
        var owner = interval.Find(request.Account);
        return owner is null || operation == Operation.None ? owner : interval.Find(owner, request.Bucket!, tally.Room);
    }

    private void AddOperation(IntervalTraffic interval, Traffic container, Operation operation, AccessLine line, long received, long sent)
    {
        var isInternal = networks.IsInternal(line);
        interval.Add(container, RequestMeters.Requests(operation, isInternal), 1);
        interval.Add(container, RequestMeters.Bytes(operation, isInternal), RequestRule.SizeOf(operation, received, sent));
        Counts.Folded += container.Container is null ? 1 : 0;
    }
}
