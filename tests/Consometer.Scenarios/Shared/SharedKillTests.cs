using System.Globalization;
using System.Text.RegularExpressions;
using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Run;

namespace Consometer.Scenarios.Shared;

/// <summary>
/// Daemons that share rounds end as by a crash, at any moment of a round, and are started again; and connections, and the broker itself. Nothing of that
/// is to be seen in what a consumer gets.
/// </summary>
public sealed partial class SharedKillTests(RealSwift lab, RealBroker broker) : SharingTest(lab, broker)
{
    private const int Daemons = 3;
    private const int Accounts = 2000;
    private const int TaskAccounts = 100;

    /// <summary>
    /// A round takes two or three seconds, on a machine that is not busy; a broker that is killed in its midst is back after three more, or ten where it is. Then there is time still.
    /// </summary>
    private const int PeriodSeconds = 25;

    /// <summary>How long after one another daemons are killed at most: a round, or its rest.</summary>
    private const int ApartMilliseconds = 1500;

    /// <summary>Of each daemon, where one waits in vain.</summary>
    private const int LinesShown = 8;

    private static readonly int Rounds = Number("CONSOMETER_SHARED_ROUNDS", 3);
    private static readonly int Kills = Number("CONSOMETER_SHARED_KILLS", 10);

    private static readonly int Outages = (Rounds + 9) / 10;

    private enum Harm
    {
        KillAny,
        KillCoordinator,
        CloseConnections,
        StopBroker,
        KillBroker,
    }

    [Fact]
    public async Task Whoever_dies_every_account_has_its_samples_once_for_every_round()
    {
        var chance = Chance.Seeded();
        await using var larger = await LargerLab.PopulateAsync(Accounts);
        await using var received = ReceivedMessages.Subscribe(Host, Queue);
        var configuration = Sharing(TaskAccounts) with { Timeout = $"{PeriodSeconds}s" };
        SharingDaemon[] daemons = [.. Enumerable.Range(0, Daemons).Select(_ => SharingDaemon.Start(configuration))];
        try
        {
            foreach (var harms in Plan(chance))
            {
                await InAnotherRoundAsync(daemons);
                foreach (var harm in harms)
                {
                    await Task.Delay(chance.Next(ApartMilliseconds), TestContext.Current.CancellationToken);
                    await DoAsync(harm, daemons, chance);
                }
            }

            await InAnotherRoundAsync(daemons);
            var last = RoundsBegun(daemons).Max();
            await Eventually.TrueAsync("the last round in every store", () => daemons.All(daemon => daemon.Store.Reports().Any(report => report.Time == last)));
            await StopAsync(daemons, received);

            Check(daemons, received, larger.Truth);
        }
        finally
        {
            foreach (var daemon in daemons)
            {
                await daemon.DisposeAsync();
            }
        }
    }

    private static void Check(SharingDaemon[] daemons, ReceivedMessages received, AccountTruth[] truth)
    {
        var rounds = AssertWhole(daemons, received, truth, IsShort);
        Assert.Equal(TimesIn(daemons, InTheBroker()).Order(), rounds.Select(round => round.Time));
        int Lines(int eventId) => daemons.Sum(daemon => daemon.Count(eventId));
        var (roles, takenUp, redelivered) = (Lines(1603), Lines(1604), rounds.Sum(round => round.Tasks("redelivered")));
        var samples = received.Samples;
        Tell(string.Create(CultureInfo.InvariantCulture, $"{rounds.Length} rounds, the longest of {rounds.Max(round => round.Seconds):0.0} s; {Lines(1001)} lives, {Lines(1602)} connections lost or not found"));
        Tell($"{roles} coordinators, {takenUp} rounds taken up; {rounds.Sum(round => round.Tasks("done"))} tasks, {redelivered} of them given out again");
        Tell($"{samples.Length} samples, {samples.Length - samples.DistinctBy(sample => sample.MessageId).Count()} of them repeats");
        Assert.True(roles > 2 && takenUp > 0 && redelivered > 0, "wanted coordinators that follow one another, rounds that are taken up and tasks that are given out again: nothing was tried");
        var shorts = rounds.Count(IsShort);
        Tell($"{shorts} rounds without time for all");
        Assert.InRange(shorts, 0, Outages);
        Assert.Equal([], daemons.SelectMany(daemon => daemon.Log).Where(line => (shorts == 0 ? NotWell() : Wrong()).IsMatch(line)));

        // On a machine on which the broker takes most of a period to come back: whoever was waiting for it all that time.
        bool IsShort(StoredReport round) => round.Unknown > 0 && round.Seconds > 0.8 * PeriodSeconds
            && daemons.All(daemon => daemon.Log.Any(line => Apart().Match(line) is { Success: true } apart && IsIn(round, apart.Groups[1].Value)));

        bool IsIn(StoredReport round, string time) =>
            DateTimeOffset.Parse(time, CultureInfo.InvariantCulture) is var at && at >= round.Time && at < round.Time.AddSeconds(PeriodSeconds);
    }

    /// <summary>What is done in which round; nothing but one kill where the broker goes, since that takes as long as all others.</summary>
    private static Harm[][] Plan(Random chance)
    {
        var rounds = Enumerable.Range(0, Rounds).Select(_ => new List<Harm>()).ToArray();
        int[] order = [.. Enumerable.Range(0, Rounds)];
        chance.Shuffle(order);
        foreach (var (index, round) in order.Take(Outages).Index())
        {
            rounds[round].AddRange(index % 2 == 0 ? Harm.KillBroker : Harm.StopBroker, Harm.KillAny);
        }

        for (var kill = Outages; kill < Kills; kill++)
        {
            rounds[order[Outages + (kill % (Rounds - Outages))]].Add(chance.Next(3) == 0 ? Harm.KillCoordinator : Harm.KillAny);
        }

        foreach (var round in order.Skip(Outages).Where((_, index) => index % 3 == 0))
        {
            rounds[round].Insert(chance.Next(rounds[round].Count + 1), Harm.CloseConnections);
        }

        return [.. rounds.Select(harms => harms.ToArray())];
    }

    private static async Task DoAsync(Harm harm, SharingDaemon[] daemons, Random chance)
    {
        switch (harm)
        {
            case Harm.CloseConnections:
                await RealBroker.CloseConnectionsAsync();
                break;
            case Harm.StopBroker:
                await using (await RealBroker.StopAsync())
                {
                }

                break;
            case Harm.KillBroker:
                await using (await RealBroker.KillAsync())
                {
                }

                break;
            default:
                var killed = harm == Harm.KillCoordinator ? Array.Find(daemons, daemon => daemon.IsCoordinator) : null;
                killed ??= daemons[chance.Next(daemons.Length)];
                await killed.KillAsync();
                killed.Begin();
                break;
        }
    }

    /// <summary>Until a round begins that had not begun yet.</summary>
    private static async Task InAnotherRoundAsync(SharingDaemon[] daemons)
    {
        var before = RoundsBegun(daemons);
        await Eventually.TrueAsync(
            () => "another round; what the daemons said last:\n" + string.Join('\n', daemons.SelectMany(daemon => daemon.Log.TakeLast(LinesShown).Append(daemon.Life.HasEnded ? "ENDED" : ""))),
            () => Task.FromResult(!RoundsBegun(daemons).SetEquals(before)));
    }

    /// <summary>The times of rounds of which a daemon said that it begins them, or does its part.</summary>
    private static HashSet<DateTimeOffset> RoundsBegun(SharingDaemon[] daemons) => TimesIn(daemons, Begun());

    private static HashSet<DateTimeOffset> TimesIn(SharingDaemon[] daemons, Regex line) =>
    [
        .. daemons.SelectMany(daemon => daemon.Log).Select(each => line.Match(each)).Where(match => match.Success)
            .Select(match => DateTimeOffset.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)),
    ];

    private static int Number(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), out var number) ? number : otherwise;

    [GeneratedRegex(@" 1101 .*?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)")]
    private static partial Regex Begun();

    /// <summary>
    /// Rounds of which tasks are with the broker: published, done, or found by a coordinator that came later. One whose coordinator is killed before that is none yet, and its
    /// period may be over when the next one comes.
    /// </summary>
    [GeneratedRegex(@" (?:1604|1605|1606) .*?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)")]
    private static partial Regex InTheBroker();

    /// <summary>Rounds with unknown accounts, or that count for nothing, or failed; tasks that are late or refused; messages that nobody can read.</summary>
    [GeneratedRegex(" (1103|1104|1105|1607|1608|1610) ")]
    private static partial Regex NotWell();

    /// <summary>The same, but for what only had no time.</summary>
    [GeneratedRegex(" (1104|1105|1608|1610) ")]
    private static partial Regex Wrong();

    [GeneratedRegex(@"^(\S+) WARN 1602 ")]
    private static partial Regex Apart();
}
