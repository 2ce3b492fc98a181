using System.Globalization;
using System.Net;
using System.Text;
using Consometer.Metering;
using Consometer.Metering.Requests;

namespace Consometer.Tests.Metering.Requests;

/// <summary>A fresh reader, what it has read, and what came of it.</summary>
internal sealed class CountedLog
{
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-11-30T00:00:00Z", CultureInfo.InvariantCulture);

    private readonly AccessLogReader _reader;
    private long _lines;

    public CountedLog(LogLayout layout, ClientNetworks networks, int containersMax = 100_000)
    {
        Tally = new TrafficTally(TimeSpan.FromMinutes(5), containersMax, new ResellerPrefixes(["AUTH_"]));
        _reader = new AccessLogReader(layout, networks, Tally);
    }

    public CountedLog(RecordedLog log, IReadOnlyList<IPNetwork> internalNetworks, IReadOnlyList<IPNetwork> trustedProxies)
        : this(LayoutOf(log.HasAccounts ? $"{LogLayout.Default} {{access_user_id}} {{account}} {{container}}" : LogLayout.Default, log), new ClientNetworks(internalNetworks, trustedProxies))
    {
    }

    public TrafficTally Tally { get; }

    public LineCounts Counts => _reader.Counts;

    public string Unreadable => _reader.Unreadable;

    public IEnumerable<byte[]> Held => _reader.Held;

    public DateTimeOffset Latest => _reader.Latest;

    /// <summary>All figures but those of 0, by account, container (empty for none) and meter.</summary>
    public Dictionary<(string Account, string Container, string Meter), long> Figures =>
        Tally.Intervals.SelectMany(interval => interval.All)
            .SelectMany(traffic => RequestMeters.All.Select(meter => (Key: (traffic.Account.Name, traffic.Container ?? "", meter.Name), Volume: traffic.Figures[meter.Figure])))
            .Where(figure => figure.Volume != 0)
            .GroupBy(figure => figure.Key, figure => figure.Volume)
            .ToDictionary(figures => figures.Key, figures => figures.Sum());

    public CountedLog Read(params IEnumerable<string> lines) => Read(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));

    public CountedLog Read(byte[] text)
    {
        _reader.Read(text, Now);
        _lines += Encoding.Latin1.GetString(text).Split('\n').Count(line => line.Trim('\r', '\0').Length > 0);
        return this;
    }

    /// <summary>Settles what is due when the log is where its latest line is.</summary>
    public CountedLog Settle()
    {
        _reader.Settle(_reader.Latest);
        return this;
    }

    /// <summary>Asserts that what came of it is what these add up to, once nothing more is waited for.</summary>
    public void AssertIs(IEnumerable<ExpectedCount> expected)
    {
        var all = expected.ToArray();
        AssertEachLineIsCountedOnce();
        Assert.Equal(
            all.SelectMany(each => each.Figures).GroupBy(figure => figure.Key, figure => figure.Value).Select(figures => Show(figures.Key, figures.Sum())).Order(),
            Figures.Select(figure => Show(figure.Key, figure.Value)).Order());
        Assert.Equal(
            (all.Count(each => each.Outcome == Outcome.Counted), all.Count(each => each.Outcome == Outcome.Refused), all.Count(each => each.Outcome == Outcome.Unattributed), all.Sum(each => each.UnattributedBytes)),
            (Counts.Counted, Counts.Refused, Counts.Unattributed, Counts.UnattributedBytes));
        Assert.Equal((0, 0, 0, 0), (Counts.Anonymised, Counts.Unreadable, Counts.Late, Counts.Folded));
    }

    /// <summary>Asserts that each line is in one counter, once nothing more is waited for.</summary>
    public void AssertEachLineIsCountedOnce()
    {
        Assert.Equal(_lines, Counted() + _reader.Undecided);
        _reader.Settle(DateTimeOffset.MaxValue);

        Assert.Equal((0, _lines), (_reader.Undecided, Counted()));

        long Counted() => Counts.Counted + Counts.Internal + Counts.Refused + Counts.Unattributed + Counts.Anonymised + Counts.Other + Counts.Unreadable;
    }

    private static string Show((string Account, string Container, string Meter) key, long volume) => $"{key.Account} [{key.Container}] {key.Meter} {volume}";

    private static LogLayout LayoutOf(string template, RecordedLog log)
    {
        // 2.30.1 has no {access_user_id}.
        var layout = LogLayout.Parse(log.Name.StartsWith("swift-2.30.1", StringComparison.Ordinal) ? template.Replace(" {access_user_id}", "", StringComparison.Ordinal) : template, out var fault);
        Assert.Null(fault);
        return layout!;
    }
}
