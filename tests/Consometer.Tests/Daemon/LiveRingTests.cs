using Consometer.Daemon;
using Consometer.Rings;

namespace Consometer.Tests.Daemon;

/// <summary>What a ring in use makes of its file, whatever becomes of that. Over whole rounds: <see cref="RingReplacementTests"/>.</summary>
public sealed class LiveRingTests : IDisposable
{
    private static readonly DateTimeOffset WrittenAt = ManualClock.Start.AddDays(-2);

    private readonly TempFolder _folder = new();
    private readonly ManualClock _clock = new();
    private readonly RememberedLog _log = new();
    private readonly string _path;
    private readonly LiveRing _ring;

    public LiveRingTests()
    {
        _path = _folder.Find("account.ring.gz");
        Write(RingTo(port: 6202));
        _ring = new LiveRing(RingFile.Load(_path), _clock);
    }

    [Fact]
    public void A_file_with_the_same_bytes_is_not_decoded_again()
    {
        var table = _ring.Table;

        Refresh();
        Write(RingTo(port: 6202), WrittenAt.AddDays(1)); // The same ring, distributed once more.
        Refresh();

        Assert.Same(table, _ring.Table);
        Assert.Empty(_log.Lines);
    }

    /// <summary>What rsync --times can leave behind: nothing but the bytes tells that it is another ring.</summary>
    [Fact]
    public void Another_ring_of_the_same_size_and_time_is_noticed()
    {
        var (first, second) = TwoOfOneSize();
        Write(first);
        Refresh();
        var before = _ring.Table;

        Write(second);
        Refresh();

        Assert.Equal(before.Devices[0]!.Port + 1, _ring.Table.Devices[0]!.Port);
    }

    [Fact]
    public void A_replaced_ring_is_a_line_that_names_both()
    {
        var before = RingFile.Load(_path);
        File.Copy(Fixtures.Find("rings", "small.v1.ring.gz"), _path, overwrite: true);
        var after = RingFile.Load(_path);

        Refresh();

        Assert.Equal(
            $"the ring was replaced: no version (md5 {before.Md5[..8]}) until now, version {after.Table.Header.BuilderVersion} (md5 {after.Md5[..8]}) from now on",
            Assert.Single(_log.Lines));
    }

    /// <summary>Broken first, then missing: one trouble, told each time, and as old as its beginning.</summary>
    [Fact]
    public void Whatever_is_wrong_with_the_file_the_old_ring_serves_until_it_is_mended()
    {
        var (table, ring) = (_ring.Table, File.ReadAllBytes(_path));

        Write(ring[..^10]);
        Refresh();
        _clock.Advance(TimeSpan.FromMinutes(10));
        File.Delete(_path);
        Refresh();

        Assert.Same(table, _ring.Table);
        Assert.Equal(TimeSpan.FromMinutes(10), _ring.Stale);
        Assert.Collection(
            _log.Warnings,
            line => Assert.Contains("truncated", line, StringComparison.Ordinal),
            line => Assert.Contains($"{_path}: no such file; the ring read before", line, StringComparison.Ordinal));
        Assert.All(_log.Warnings, line => Assert.Matches(@"stays in use: it is 2\.00:\d0:00 old$", line));

        Write(ring);
        Refresh();

        Assert.Same(table, _ring.Table);
        Assert.Equal(TimeSpan.Zero, _ring.Stale);
        Assert.Contains("sound again", _log.Lines.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_age_is_that_of_the_ring_in_use()
    {
        Assert.Equal(TimeSpan.FromDays(2), _ring.Age);

        Write(RingTo(port: 6203), WrittenAt.AddDays(1));
        Assert.Equal(TimeSpan.FromDays(2), _ring.Age);

        Refresh();
        Assert.Equal(TimeSpan.FromDays(1), _ring.Age);
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] RingTo(int port) => TestRing.Bytes(1, TestRing.DeviceAt(0, port));

    /// <summary>Neighbouring ports, so that the rings differ by next to nothing, and gzip makes files of one size of some of them.</summary>
    private static (byte[] First, byte[] Second) TwoOfOneSize()
    {
        var pairs = Enumerable.Range(6300, 100).Select(port => (First: RingTo(port), Second: RingTo(port + 1)));
        return pairs.First(pair => pair.First.Length == pair.Second.Length);
    }

    private void Write(byte[] ring, DateTimeOffset? at = null)
    {
        File.WriteAllBytes(_path, ring);
        File.SetLastWriteTimeUtc(_path, (at ?? WrittenAt).UtcDateTime);
    }

    private void Refresh()
    {
        using var log = _log.Open();
        _ring.Refresh(log);
    }
}
