using Consometer.Delivery.Store;
using Consometer.Metering.Requests;
using Consometer.Metering.Samples;

namespace Consometer.Tests.Delivery;

/// <summary>What is counted of a log, in the store: each figure once, wherever it is stopped.</summary>
public sealed class CountedLogTests : IDisposable
{
    private const string Origin = "h1 /var/log/access.log";

    private readonly TempFolder _folder = new();

    private string File => _folder.Find("consometer.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_kept_is_there_again_after_a_crash()
    {
        using (var store = SampleStore.Open(File))
        using (var log = store.CountedLog(KeptIntervals.Region, Origin))
        {
            Assert.Null(log.Position());
            Assert.Null(log.ClosedUntil());
            log.Keep([KeptIntervals.Traffic(0, ("AUTH_a", 7)), KeptIntervals.Traffic(2, ("AUTH_b", 9))], KeptIntervals.At(50), ["one"u8.ToArray(), "two"u8.ToArray()]);
            Copy("after.db");
        }

        using var after = SampleStore.Open(_folder.Find("after.db"));
        using var again = after.CountedLog(KeptIntervals.Region, Origin);
        Assert.Equal((50, 3), (again.Position()!.Offset, again.Position()!.Tail.Length));
        Assert.Equal(["one", "two"], again.HeldLines().Select(System.Text.Encoding.UTF8.GetString));
        Assert.Equal(
            [
                new CountedFigure(KeptIntervals.Minute(0), "AUTH_a", null, "storage.objects.outgoing.bytes", 7),
                new CountedFigure(KeptIntervals.Minute(2), "AUTH_b", null, "storage.objects.outgoing.bytes", 9),
            ],
            again.Open().Where(figure => figure.Container is null));
        Assert.Equal([(KeptIntervals.Region, Origin)], Free(() => again.Dispose(), after));
    }

    [Fact]
    public void Only_what_has_changed_is_written_again_and_nothing_is_added_up_in_the_store()
    {
        using var store = SampleStore.Open(File);
        using var log = store.CountedLog(KeptIntervals.Region, Origin);
        var traffic = KeptIntervals.Traffic(0, ("AUTH_a", 7), ("AUTH_a", 5));
        log.Keep([traffic], null, []);
        Assert.Empty(traffic.Changed);
        StoredRows.Read(File, "UPDATE traffic SET volume = 1 WHERE container = ''");
        log.Keep([traffic], null, []);

        Assert.Equal(1, Assert.Single(log.Open(), figure => figure.Container is null).Volume);
    }

    /// <summary>Nothing is kept of a commit that fails, and all of it with the next.</summary>
    [Fact]
    public void What_could_not_be_kept_is_kept_with_the_next_commit()
    {
        using var store = SampleStore.Open(File);
        using var log = store.CountedLog(KeptIntervals.Region, Origin);
        var traffic = KeptIntervals.Traffic(0, ("AUTH_a", 7));
        StoredRows.Read(File, "CREATE TRIGGER broken BEFORE INSERT ON held_line BEGIN SELECT RAISE(ABORT, 'full'); END");
        Assert.Throws<StoreException>(() => log.Keep([traffic], KeptIntervals.At(9), ["held"u8.ToArray()]));
        Assert.Empty(log.Open());
        Assert.Null(log.Position());

        StoredRows.Read(File, "DROP TRIGGER broken");
        log.Keep([traffic], KeptIntervals.At(9), ["held"u8.ToArray()]);
        Assert.Equal(7, Assert.Single(log.Open(), figure => figure.Container is null).Volume);
    }

    [Fact]
    public void A_complete_interval_is_seen_with_its_messages_and_what_made_it_is_gone()
    {
        using var store = SampleStore.Open(File);
        using var outbox = Outbox.Open(File);
        using var log = store.CountedLog(KeptIntervals.Region, Origin);
        var (first, second) = (KeptIntervals.Traffic(0, ("AUTH_a", 7)), KeptIntervals.Traffic(1, ("AUTH_a", 9)));
        log.Keep([first, second], null, []);

        Assert.Equal((1, 0), KeptIntervals.Close(log, first));

        Assert.Equal(["interval"], StoredRows.Read(File, "SELECT state FROM round"));
        Assert.Equal(["7"], StoredRows.Read(File, "SELECT volume FROM sample"));
        Assert.Equal(1, Assert.Single(outbox.Next("consometer", 0, 10)).Samples);
        Assert.Equal([new Backlog("consometer", 1, 1, first.Time.ToString())], store.Waiting());
        Assert.All(log.Open(), figure => Assert.Equal(second.Time, figure.Interval));
        Assert.Equal(second.Time.Start, log.ClosedUntil());
    }

    /// <summary>More samples than a commit has, so that some are in the store when it stops.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void In_the_middle_of_completing_an_interval_nothing_is_lost_nor_twice(bool isKilled)
    {
        using (var store = SampleStore.Open(File))
        using (var log = store.CountedLog(KeptIntervals.Region, Origin))
        {
            var traffic = Many();
            log.Keep([traffic], KeptIntervals.At(1), []);
            var plan = new NewRound(traffic.Time, KeptIntervals.Region) { Publications = [KeptIntervals.Publication] };
            Assert.Throws<TimeoutException>(() => log.Close(traffic.Time, Stopping(KeptIntervals.Samples(log, traffic)), plan));
        }

        var file = isKilled ? _folder.Find("after.db") : File;
        using var again = SampleStore.Open(file);
        using var outbox = Outbox.Open(file);
        Assert.Equal(["running"], StoredRows.Read(file, "SELECT state FROM round"));
        Assert.Empty(outbox.Next("consometer", 0, 10));
        using var read = again.CountedLog(KeptIntervals.Region, Origin);
        Assert.Null(read.ClosedUntil());
        var restored = new IntervalTraffic(KeptIntervals.Minute(0), KeptIntervals.Prefixes);
        foreach (var figure in read.Open())
        {
            restored.Restore(figure.Account, figure.Container, figure.Meter, figure.Volume);
        }

        Assert.Equal((12_000, 0), KeptIntervals.Close(read, restored));

        Assert.Equal(["interval"], StoredRows.Read(file, "SELECT state FROM round"));
        Assert.Equal(["12000"], StoredRows.Read(file, "SELECT sum(volume) FROM sample"));
        Assert.Equal(["12000"], StoredRows.Read(file, "SELECT sum(samples) FROM outbox"));
        Assert.Empty(read.Open());

        IEnumerable<Sample> Stopping(IEnumerable<Sample> samples)
        {
            foreach (var sample in samples.Take(11_000))
            {
                yield return sample;
            }

            Copy("after.db");
            throw new TimeoutException();
        }
    }

    [Fact]
    public void An_interval_whose_place_is_gone_is_not_complete_and_its_figures_stay()
    {
        using var store = SampleStore.Open(File);
        using var log = store.CountedLog(KeptIntervals.Region, Origin);
        var traffic = KeptIntervals.Traffic(0, ("AUTH_a", 7));
        log.Keep([traffic], null, []);
        var samples = KeptIntervals.Samples(log, traffic).Select(sample =>
        {
            StoredRows.Read(File, "DELETE FROM round");
            return sample;
        });

        Assert.Contains("found it gone", Assert.Throws<StoreException>(() => log.Close(traffic.Time, samples, new NewRound(traffic.Time, KeptIntervals.Region))).Message, StringComparison.Ordinal);

        Assert.NotEmpty(log.Open());
        Assert.Empty(StoredRows.Read(File, "SELECT volume FROM sample"));
    }

    [Fact]
    public void Samples_that_no_consumer_could_read_are_withheld_and_named()
    {
        using var store = SampleStore.Open(File);
        using var log = store.CountedLog(KeptIntervals.Region, Origin);
        var traffic = KeptIntervals.Traffic(0, ("AUTH_a", 7));
        log.Keep([traffic], null, []);
        var samples = KeptIntervals.Samples(log, traffic).SelectMany(sample => (Sample[])[sample, sample with { ResourceId = "half \ud800 of a pair" }]);

        Assert.Equal((2, 1), log.Close(traffic.Time, samples, new NewRound(traffic.Time, KeptIntervals.Region)));
        Assert.Equal(["withheld"], StoredRows.Read(File, "SELECT outcome FROM not_measured"));
    }

    [Fact]
    public void A_log_that_somebody_is_at_is_refused_with_one_line_and_is_not_left()
    {
        using var store = SampleStore.Open(File);
        using var other = SampleStore.Open(File);
        using (var log = store.CountedLog(KeptIntervals.Region, Origin))
        {
            log.Keep([KeptIntervals.Traffic(0, ("AUTH_a", 7))], null, []);
            var refused = Assert.Throws<StoreException>(() => other.CountedLog(KeptIntervals.Region, Origin));
            Assert.Contains("log-1 cannot be locked", refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', refused.Message);
            Assert.Empty(other.LogsLeft());
            other.CountedLog(KeptIntervals.Region, "h2 elsewhere").Dispose();
        }

        Assert.Equal([(KeptIntervals.Region, Origin)], other.LogsLeft());
    }

    /// <summary>Two would count each line twice, each for itself.</summary>
    [Fact]
    public void A_file_that_somebody_reads_under_another_name_is_refused()
    {
        using var store = SampleStore.Open(File);
        using var other = SampleStore.Open(File);
        using (var log = store.CountedLog(KeptIntervals.Region, Origin, "/var/log/access.log"))
        {
            log.Keep([], KeptIntervals.At(9), []);
            Assert.Throws<StoreException>(() => other.CountedLog(KeptIntervals.Region, "h2 /var/log/access.log", "/var/log/access.log"));
            using var another = other.CountedLog(KeptIntervals.Region, "h2 /var/log/another.log", "/var/log/another.log");
            Assert.Null(another.Position());
        }

        using var next = other.CountedLog(KeptIntervals.Region, "h2 /var/log/access.log", "/var/log/access.log");
        Assert.Equal(9, next.Position()!.Offset);
    }

    /// <summary>A round's crash is cleared away beside an interval that is being completed, and the other way round.</summary>
    [Fact]
    public void An_interval_is_completed_beside_a_round_that_runs()
    {
        using var store = SampleStore.Open(File);
        using var other = SampleStore.Open(File);
        using var round = other.BeginRound(KeptIntervals.Minute(0), KeptIntervals.Region);

        KeptIntervals.Keep(store, Origin, 0, ("AUTH_a", 7));
        round.End(StoredRows.Report());

        Assert.Equal(["complete", "interval"], StoredRows.Read(File, "SELECT state FROM round ORDER BY state"));
    }

    private static IntervalTraffic Many() => KeptIntervals.Traffic(0, [.. Enumerable.Range(0, 12_000).Select(i => ($"AUTH_a{i}", 1L))]);

    private static (string, string)[] Free(Action end, SampleStore store)
    {
        Assert.Empty(store.LogsLeft());
        end();
        return [.. store.LogsLeft()];
    }

    /// <summary>The store as a process that dies now leaves it.</summary>
    private void Copy(string name)
    {
        foreach (var suffix in (string[])["", "-wal"])
        {
            System.IO.File.Copy(File + suffix, _folder.Find(name) + suffix);
        }
    }
}
