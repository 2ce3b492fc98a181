using Consometer.Metering;
using Consometer.Metering.Polling;
using Consometer.Rings;
using Consometer.Swift.Accounts;

namespace Consometer.Tests.Metering;

/// <summary>
/// The rule by which replica answers become an outcome. Each test makes up what every device would say, lets the rule ask
/// until it asks no more, and looks at what it made of it.
/// </summary>
public sealed class ReadingRuleTests
{
    private const int RandomWalks = 100_000;
    private const int PrimariesMax = 6;

    private static readonly Account Someone = new("AUTH_a", "a", "a");
    private static readonly Unavailability[] Reasons = Enum.GetValues<Unavailability>();

    [Fact]
    public void Whatever_the_replicas_say_the_rule_holds()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var walk = 0; walk < RandomWalks; walk++)
        {
            var primaries = random.Next(1, PrimariesMax + 1);

            // Some rings have fewer handoffs than the rule would ask.
            var devices = random.Next(primaries, (3 * primaries) + 1);
            var allReplicas = random.Next(2) == 0;
            Check(primaries, allReplicas, [.. Enumerable.Range(0, devices).Select(i => Reading(i, random.Next(4), random.Next(Reasons.Length)))], $"seed {seed}, walk {walk}");
        }
    }

    [Fact]
    public void Every_combination_of_up_to_three_primaries_and_three_handoffs_obeys_the_rule()
    {
        var checkedWalks = 0;
        for (var primaries = 1; primaries <= 3; primaries++)
        {
            for (var devices = primaries; devices <= 2 * primaries; devices++)
            {
                for (var code = 0; code < 1 << (2 * devices); code++)
                {
                    Check(primaries, allReplicas: false, [.. Enumerable.Range(0, devices).Select(i => Reading(i, (code >> (2 * i)) & 3, 0))], $"{primaries} primaries, {devices} devices, code {code:x}");
                    checkedWalks++;
                }
            }
        }

        Assert.Equal(4 + 16 + 16 + 64 + 256 + 64 + 256 + 1024 + 4096, checkedWalks);
    }

    [Fact]
    public void The_first_figures_are_taken_and_nobody_is_asked_after_them()
    {
        ReplicaReading[] readings = [Reading(0, 1, 0), Reading(1, 2, 0), Figures(2, 2)];

        Assert.False(ReadingRule.AsksAnother(readings, 3));
        Assert.Equal(Usage(2), Assert.IsType<AccountOutcome.Measured>(ReadingRule.Judge(Someone, readings, [])).Usage);
    }

    [Fact]
    public void Deleted_settles_it_once_no_primary_is_left_and_never_before()
    {
        var deleted = Reading(0, 1, 0);

        Assert.True(ReadingRule.AsksAnother([deleted], 2));
        Assert.False(ReadingRule.AsksAnother([deleted, Reading(1, 2, 0)], 2));
        Assert.IsType<AccountOutcome.Deleted>(ReadingRule.Judge(Someone, [deleted, Reading(1, 2, 0)], []));
    }

    [Fact]
    public void No_reading_at_all_is_no_proof_of_absence()
    {
        // A partition whose every replica is unassigned in the ring: nobody could be asked, so nobody said 404.
        Assert.Equal(Unavailability.Unassigned, Assert.IsType<AccountOutcome.Unknown>(ReadingRule.Judge(Someone, [], [])).Reason);
    }

    [Fact]
    public void Of_differing_figures_most_replicas_are_believed_and_then_the_earlier_one()
    {
        ReplicaReading[] readings = [Figures(2, 7), Figures(0, 5), Figures(1, 7)];
        Device[] primaries = [.. readings.Select(reading => reading.Device).OrderBy(device => device.Id)];

        var most = Assert.IsType<AccountOutcome.Measured>(ReadingRule.Judge(Someone, readings, primaries));
        Assert.Equal((Usage(7), 3), (most.Usage, most.Disagreement.Count));

        var earlier = Assert.IsType<AccountOutcome.Measured>(ReadingRule.Judge(Someone, readings[..2], primaries));
        Assert.Equal((Usage(5), 2), (earlier.Usage, earlier.Disagreement.Count));

        Assert.Empty(Assert.IsType<AccountOutcome.Measured>(ReadingRule.Judge(Someone, [readings[0], readings[2], Reading(1, 2, 0)], primaries)).Disagreement);
        Assert.NotEmpty(Assert.IsType<AccountOutcome.Measured>(ReadingRule.Judge(Someone, [readings[0], Reading(1, 1, 0)], primaries)).Disagreement);
    }

    private static void Check(int primaries, bool allReplicas, ReplicaReading[] devices, string which)
    {
        var asked = new List<ReplicaReading>();
        while (asked.Count < devices.Length && ReadingRule.AsksAnother(asked, primaries, allReplicas))
        {
            asked.Add(devices[asked.Count]);
        }

        Device[] inRingOrder = [.. devices.Take(primaries).Select(reading => reading.Device)];
        var outcome = ReadingRule.Judge(Someone, asked, inRingOrder);
        ReplicaReading.Answered[] answered = [.. asked.OfType<ReplicaReading.Answered>()];
        bool Said<T>() => asked.Any(reading => reading is T);

        Assert.True(asked.Count <= 2 * primaries, which);
        Assert.True(outcome is AccountOutcome.Measured == answered.Length > 0, which);
        Assert.True(asked.Take(allReplicas ? 0 : asked.Count - 1).All(reading => reading is not ReplicaReading.Answered), which);
        Assert.True((outcome is AccountOutcome.Measured && !allReplicas) || asked.Count >= primaries, which);
        switch (outcome)
        {
            case AccountOutcome.Measured measured:
                var votes = answered.CountBy(reading => reading.Usage).ToDictionary();
                Assert.True(votes.TryGetValue(measured.Usage, out var chosen) && votes.Values.All(count => count <= chosen), which);

                // They were asked in the ring's order here, so the first of the most said is the earliest replica's.
                Assert.True(answered.First(reading => votes[reading.Usage] == chosen).Usage == measured.Usage, which);
                Assert.True(measured.Disagreement.Count > 0 == (votes.Count > 1 || Said<ReplicaReading.Deleted>()), which);
                break;
            case AccountOutcome.Deleted:
                Assert.True(Said<ReplicaReading.Deleted>(), which);
                break;
            case AccountOutcome.Absent:
                Assert.True(asked.All(reading => reading is ReplicaReading.Missing), which);
                Assert.True(asked.Count == Math.Min(2 * primaries, devices.Length), which);
                break;
            case AccountOutcome.Unknown unknown:
                Assert.True(Said<ReplicaReading.Unavailable>() && !Said<ReplicaReading.Deleted>(), which);
                Assert.True(unknown.Reason == asked.OfType<ReplicaReading.Unavailable>().First().Reason, which);
                Assert.True(unknown.Readings.SequenceEqual(asked), which);
                break;
            default:
                Assert.Fail(which);
                break;
        }
    }

    private static ReplicaReading Reading(int device, int kind, int reason) => kind switch
    {
        0 => Figures(device, reason % 3),
        1 => new ReplicaReading.Deleted(TestRing.DeviceAt(device, 6202)),
        2 => new ReplicaReading.Missing(TestRing.DeviceAt(device, 6202)),
        _ => new ReplicaReading.Unavailable(TestRing.DeviceAt(device, 6202), Reasons[reason]),
    };

    private static ReplicaReading.Answered Figures(int device, int figure) => new(TestRing.DeviceAt(device, 6202), Usage(figure));

    private static AccountUsage Usage(int figure) => new(figure, 10 + figure, 1000 + figure);
}
