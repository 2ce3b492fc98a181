using Consometer.Delivery.Store;
using Consometer.Metering;
using Consometer.Metering.Samples;

namespace Consometer.Tests.Delivery.Usage;

/// <summary>A store in which a test has rounds with just the figures it wants.</summary>
internal sealed class KeptRounds : IDisposable
{
    public const string Region = "RegionOne";

    private readonly TempFolder _folder = new();

    public KeptRounds(string name = "consometer.db") => File = _folder.Find(name);

    public string File { get; }

    public string Folder => _folder.Path;

    /// <summary>The round of an hour, 13:00 on 2026-11-21 being 0.</summary>
    public static RoundTime Hour(int hour) => RoundTime.At(ManualClock.Start.AddHours(hour), TimeSpan.FromHours(1));

    public static Meter Meter(string name) => MeterCatalogue.All.Single(meter => meter.Name == name);

    public static UsageFilter All(params string[] resources) => new(Region, MeterCatalogue.All) { Resources = resources };

    /// <summary>All there is, whenever it was.</summary>
    public static UsageFilter Ever(params string[] resources) => All(resources) with { Since = DateTimeOffset.MinValue };

    /// <summary>A round with figures of bytes.</summary>
    public KeptRounds Keep(int hour, params (string Resource, long Bytes)[] figures) => Keep(Hour(hour), Region, null, [.. figures.Select(figure => Size(figure.Resource, figure.Bytes))]);

    public KeptRounds Keep(RoundTime time, string region, string? failure, params Sample[] samples)
    {
        using var store = SampleStore.Open(File);
        using var entry = store.BeginRound(time, region);
        entry.Keep(null, samples);
        entry.End(StoredRows.Report(failure));
        return this;
    }

    /// <summary>A figure of bytes; region and time are the round's that it is kept in.</summary>
    public static Sample Size(string resource, long bytes) => Of(MeterCatalogue.Size, resource, bytes);

    public static Sample Of(string meter, string resource, long volume, string? policy = null) =>
        new(Meter(meter), volume, resource, resource.Split('/')[0], Region, Hour(0)) { StoragePolicy = policy };

    /// <summary>What a query gives, as text: hour, resource and figure.</summary>
    public string[] Read(UsageFilter filter)
    {
        using var query = UsageQuery.Open(File);
        return [.. query.Samples(filter).Select(sample => $"{(sample.Time.Start - ManualClock.Start).TotalHours} {sample.ResourceId} {sample.Volume}")];
    }

    public void Dispose() => _folder.Dispose();
}
