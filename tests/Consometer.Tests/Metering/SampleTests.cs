using Consometer.Metering;
using Consometer.Metering.Polling;
using Consometer.Metering.Requests;
using Consometer.Metering.Samples;
using Consometer.Swift.Accounts;

namespace Consometer.Tests.Metering;

/// <summary>From outcomes to samples, and the ids that samples have.</summary>
public sealed class SampleTests
{
    private static readonly RoundTime Time = RoundTime.At(new DateTimeOffset(2026, 11, 21, 13, 37, 0, TimeSpan.Zero), TimeSpan.FromHours(1));
    private static readonly Account Someone = new("AUTH_5f0c", "5f0c", "5f0c");
    private static readonly ReplicaReading Silent = new ReplicaReading.Unavailable(TestRing.DeviceAt(0, 6202), Unavailability.TimedOut);

    private static readonly SampleMaker Everything = new(MeterCatalogue.All, "RegionOne", absentIsZero: true);
    private static readonly SampleMaker OnByDefault = new([.. MeterCatalogue.All.Where(meter => meter.OnByDefault)], "RegionOne", absentIsZero: true);

    /// <summary>Computed with Python: <c>uuid.uuid5(UUID("6f0f7a52-94e5-4c0c-9d0a-3c1f5f0e7d21"), "region\nmeter\ntime\nresource")</c>.</summary>
    [Theory]
    [InlineData("RegionOne", "storage.objects", "2026-11-21T13:00:00Z", "5f0c0d5e3a6b4c1f9d2e7a8b6c4d3e2f", "64c23eea-707f-5425-8968-ecd34ed94b54")]
    [InlineData("Zürich", "storage.objects.size", "2026-11-21T00:00:00Z", "AUTH_büro 漢", "0759206b-61f8-5b7b-9365-ea7d7a3f0d9c")]
    public void The_id_is_the_one_that_any_UUIDv5_makes(string region, string meter, string time, string resource, string id) =>
        Assert.Equal(new Guid(id), new Sample(Meter(meter), 1, resource, "p", region, At(time)).MessageId);

    /// <summary>Likewise, of <c>"region\nmeter\ntime @origin\nresource"</c>: what several count of one thing is not one figure.</summary>
    [Fact]
    public void The_id_of_what_several_count_has_who_counted_in_it()
    {
        var sample = new Sample(Meter("storage.objects.incoming.bytes"), 1, "5f0c", "p", "RegionOne", At("2026-11-21T13:00:00Z")) { Origin = "proxy-1 /var/log/swift/access.log" };
        Assert.Equal(new Guid("b6d8a764-4554-5b20-af3e-d401e4ce7750"), sample.MessageId);

        Guid[] ids =
        [
            sample.MessageId,
            (sample with { Origin = null }).MessageId,
            (sample with { Origin = "" }).MessageId,
            (sample with { Origin = "proxy-2 /var/log/swift/access.log" }).MessageId,
            (sample with { Origin = "proxy-1 udp://127.0.0.1:5140" }).MessageId,
        ];
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public void Equal_figures_of_a_round_have_equal_ids_and_whatever_else_changes_changes_the_id()
    {
        var sample = new Sample(Meter("storage.objects"), 1, "r", "p", "RegionOne", Time);
        Assert.Equal(sample.MessageId, (sample with { Volume = 2, ProjectId = "q" }).MessageId);

        Guid[] ids =
        [
            sample.MessageId,
            (sample with { Meter = Meter("storage.objects.size") }).MessageId,
            (sample with { ResourceId = "r2" }).MessageId,
            (sample with { ResourceId = "" }).MessageId,
            (sample with { Region = "RegionTwo" }).MessageId,
            (sample with { Time = Time.Next }).MessageId,
            (sample with { Region = "r", ResourceId = "RegionOne" }).MessageId,
        ];
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public void Every_meter_is_named_once_and_takes_its_own_figure()
    {
        Assert.Equal(MeterCatalogue.All.Count, MeterCatalogue.All.Select(meter => meter.Name).Distinct().Count());
        Assert.Equal(
            [("storage.objects", "object", 5), ("storage.objects.size", "B", long.MaxValue), ("storage.objects.containers", "container", 3)],
            Figures(new AccountUsage(Containers: 3, Objects: 5, Bytes: long.MaxValue)));
        Assert.Equal(
            [("storage.policies.objects", "object", 5), ("storage.policies.objects.size", "B", long.MaxValue), ("storage.policies.containers", "container", 3)],
            Figures(new PolicyUsage("gold", Containers: 3, Objects: 5, Bytes: long.MaxValue)));
        Assert.Equal(
            [("storage.containers.objects", "object", 5), ("storage.containers.objects.size", "B", long.MaxValue)],
            Figures(new ContainerUsage("c", Objects: 5, Bytes: long.MaxValue, Policy: null)));
        Assert.All(MeterCatalogue.All, meter => Assert.Equal(meter is RequestMeter ? "delta" : "gauge", meter.Type));
        Assert.All(MeterCatalogue.All, meter => Assert.Equal(meter is Meter<AccountUsage> or RequestMeter { IsOfContainers: false }, meter.OnByDefault));
        Assert.Equal(Enumerable.Range(0, RequestMeters.Count), RequestMeters.All.Select(meter => meter.Figure));

        static IEnumerable<(string, string, long?)> Figures<TUsage>(TUsage usage) =>
            MeterCatalogue.All.OfType<Meter<TUsage>>().Select(meter => (meter.Name, meter.Unit, meter.Volume(usage)));
    }

    [Fact]
    public void A_measured_account_has_a_sample_for_each_meter_that_is_on()
    {
        Meter[] on = [Meter("storage.objects.size"), Meter("storage.objects")];
        var samples = new SampleMaker(on, "RegionOne", absentIsZero: true)
            .SamplesOf(new AccountOutcome.Measured(new Account("SERVICE_a", "a", "SERVICE_a"), new AccountUsage(1, 2, 3)), Time);

        Assert.Equal([new Sample(on[0], 3, "SERVICE_a", "a", "RegionOne", Time), new Sample(on[1], 2, "SERVICE_a", "a", "RegionOne", Time)], samples);
    }

    [Fact]
    public void An_absent_account_counts_as_zero_or_not_at_all_and_an_unknown_or_deleted_one_never_counts()
    {
        var zero = new SampleMaker(MeterCatalogue.All, "RegionOne", absentIsZero: true);
        var skip = new SampleMaker(MeterCatalogue.All, "RegionOne", absentIsZero: false);

        Assert.Equal([0L, 0L, 0L], zero.SamplesOf(new AccountOutcome.Absent(Someone), Time).Select(sample => sample.Volume));
        Assert.Empty(skip.SamplesOf(new AccountOutcome.Absent(Someone), Time));
        foreach (var maker in new[] { zero, skip })
        {
            Assert.Empty(maker.SamplesOf(new AccountOutcome.Deleted(Someone), Time));
            Assert.Empty(maker.SamplesOf(new AccountOutcome.Unknown(Someone, [Silent]), Time));
            Assert.Empty(maker.SamplesOf(new AccountOutcome.Unknown(Someone, []), Time));
        }
    }

    [Fact]
    public void Each_policy_of_an_account_has_samples_of_its_own_beside_the_account_s()
    {
        var usage = new AccountUsage(3, 5, 7) { Policies = [new PolicyUsage("gold", 1, 2, 3), new PolicyUsage("Old-One", null, 3, 4)] };

        var samples = Everything.SamplesOf(new AccountOutcome.Measured(Someone, usage), Time).ToArray();

        Assert.Equal(
            [
                "5f0c storage.objects 5 -", "5f0c storage.objects.containers 3 -", "5f0c storage.objects.size 7 -",
                "5f0c/Old-One storage.policies.objects 3 Old-One", "5f0c/Old-One storage.policies.objects.size 4 Old-One",
                "5f0c/gold storage.policies.containers 1 gold", "5f0c/gold storage.policies.objects 2 gold", "5f0c/gold storage.policies.objects.size 3 gold",
            ],
            samples.Select(Describe).Order(StringComparer.Ordinal));
        Assert.All(samples, sample => Assert.Equal("5f0c", sample.ProjectId));
        Assert.Equal(3, OnByDefault.SamplesOf(new AccountOutcome.Measured(Someone, usage), Time).Count);
        Assert.Empty(Everything.SamplesOf(new AccountOutcome.Unknown(Someone, [Silent]), Time));
    }

    [Fact]
    public void Each_container_has_samples_that_name_its_policy_if_that_is_known()
    {
        var service = new Account("SERVICE_5f0c", "5f0c", "SERVICE_5f0c");
        ContainerUsage[] containers = [new("gold", 1, 2, "gold"), new("büro ☃", 3, 4, null)];

        var samples = Everything.SamplesOf(service, containers, Time).ToArray();

        Assert.Equal(
            [
                "SERVICE_5f0c/gold storage.containers.objects 1 gold", "SERVICE_5f0c/gold storage.containers.objects.size 2 gold",
                "SERVICE_5f0c/büro ☃ storage.containers.objects 3 -", "SERVICE_5f0c/büro ☃ storage.containers.objects.size 4 -",
            ],
            samples.Select(Describe));
        Assert.All(samples, sample => Assert.Equal("5f0c", sample.ProjectId));
        Assert.True(Everything.NeedsContainers);
        Assert.False(OnByDefault.NeedsContainers);
        Assert.Empty(OnByDefault.SamplesOf(service, containers, Time));
    }

    [Fact]
    public void A_container_that_is_named_like_a_policy_shares_no_id_with_it()
    {
        var usage = new AccountUsage(1, 1, 1) { Policies = [new PolicyUsage("gold", 1, 1, 1)] };

        var ids = Everything.SamplesOf(new AccountOutcome.Measured(Someone, usage), Time)
            .Concat(Everything.SamplesOf(Someone, [new ContainerUsage("gold", 1, 1, "gold")], Time))
            .Select(sample => sample.MessageId).ToArray();

        Assert.Equal(8, ids.Length);
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    private static string Describe(Sample sample) => $"{sample.ResourceId} {sample.Meter.Name} {sample.Volume} {sample.StoragePolicy ?? "-"}";

    private static Meter Meter(string name) => MeterCatalogue.All.Single(meter => meter.Name == name);

    private static RoundTime At(string time) => new(DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.FromHours(1));
}
