using Consometer.Delivery.Store;
using Consometer.Metering;
using Consometer.Metering.Polling;
using Consometer.Metering.Rounds;
using Consometer.Swift.Accounts;
using Consometer.Tests.Delivery.Usage;

namespace Consometer.Tests.Delivery;

public sealed class RoundHistoryTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SampleStore _store;

    public RoundHistoryTests() => _store = SampleStore.Open(Path);

    private string Path => _folder.Find("consometer.db");

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Rounds_are_told_from_the_latest_back_with_their_figures_while_another_is_written()
    {
        Keep(0, Report(10) with { Totals = new RoundTotals(1, 20, 300), Seconds = 12.5 });
        Keep(1, Report(10) with { Measured = 7, Absent = 1, Unknown = 2, UnknownByReason = new Dictionary<string, long> { ["timed_out"] = 2 } });
        Keep(2, Report(10) with { Failure = "why" });
        using var running = _store.BeginRound(KeptRounds.Hour(3), KeptRounds.Region);
        using var history = RoundHistory.Open(Path, KeptRounds.Region);

        var rounds = history.Last(10);

        Assert.Equal([KeptRounds.Hour(2), KeptRounds.Hour(1), KeptRounds.Hour(0)], rounds.Select(round => round.Time));
        Assert.Equal((false, "why"), (rounds[0].IsComplete, rounds[0].Failure));
        Assert.Equal((true, 7, 1, 0, 2, 2), (rounds[1].IsComplete, rounds[1].Measured, rounds[1].Absent, rounds[1].Deleted, rounds[1].Unknown, rounds[1].UnknownByReason["timed_out"]));
        Assert.Equal((12.5, 300, 20), (rounds[2].Seconds, rounds[2].Bytes, rounds[2].Objects));
        Assert.Equal(KeptRounds.Hour(1).Start, history.LastComplete());
        Assert.Equal(2, history.Last(2).Count);
    }

    [Fact]
    public void The_stamp_is_another_when_a_round_has_ended()
    {
        var before = Stamp();
        Keep(0, Report(1));
        var after = Stamp();

        Assert.NotEqual(before, after);
        Assert.Equal(after, Stamp());
    }

    /// <summary>Also when its samples have expired, and nothing else tells it from a whole one.</summary>
    [Fact]
    public void A_round_of_named_accounts_is_none_of_them()
    {
        Keep(0, Report(1) with { Projects = null });
        StoredRows.Read(Path, "UPDATE round SET state = 'expired'");

        using var history = RoundHistory.Open(Path, KeptRounds.Region);
        Assert.Empty(history.Last(10));
    }

    [Fact]
    public void Rounds_that_an_earlier_version_kept_are_told_without_what_it_did_not_say()
    {
        Keep(0, Report(5));
        StoredRows.Read(Path, "UPDATE round SET report = json_remove(report, '$.totals', '$.largest', '$.projects', '$.withheld', '$.unlisted', '$.listing_seconds')");
        using var history = RoundHistory.Open(Path, KeptRounds.Region);

        var round = Assert.Single(history.Last(10));
        var report = history.Report(round);

        Assert.Equal((5, null, null), (round.Measured, round.Bytes, round.Objects));
        Assert.Equal((5, null, null, 0), (report.Measured, report.Totals, report.Projects, report.Unlisted));
        Assert.Empty(report.Largest);
    }

    [Fact]
    public void What_there_is_to_say_of_accounts_is_told_by_name_and_bounded()
    {
        Keep(0, Report(9), [.. Enumerable.Range(0, 9).Select(i => Unknown($"AUTH_{9 - i}"))]);
        using var history = RoundHistory.Open(Path, KeptRounds.Region);
        var round = history.Last(1)[0];

        Assert.Equal([new AccountRemark("AUTH_1", "127.0.0.1:6202/sda timed_out"), new AccountRemark("AUTH_2", "127.0.0.1:6202/sda timed_out")], history.Remarks(round, "unknown", 2));
        Assert.Empty(history.Remarks(round, "withheld", 2));
        Assert.Empty(history.Disagreeing(round, 2));
    }

    private static RoundReport Report(long accounts) => StoredRows.Report() with { Projects = accounts, Accounts = accounts, Measured = accounts };

    private static AccountOutcome.Unknown Unknown(string name) => new(
        new Account(name, name, name), [new ReplicaReading.Unavailable(TestRing.DeviceAt(0, 6202), Unavailability.TimedOut)]);

    private string Stamp()
    {
        using var history = RoundHistory.Open(Path, KeptRounds.Region);
        return history.Stamp();
    }

    private void Keep(int hour, RoundReport report, params AccountOutcome[] outcomes)
    {
        using var entry = _store.BeginRound(KeptRounds.Hour(hour), KeptRounds.Region);
        Array.ForEach(outcomes, outcome => entry.Keep(outcome, []));
        entry.End(report);
    }
}
