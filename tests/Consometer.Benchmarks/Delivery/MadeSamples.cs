using Consometer.Metering;
using Consometer.Metering.Rounds;
using Consometer.Metering.Samples;

namespace Consometer.Benchmarks.Delivery;

/// <summary>Samples as a round over many accounts makes them: three of each.</summary>
internal static class MadeSamples
{
    public const int Count = 999_999;

    private const string Region = "RegionOne";
    private const int Seed = 1;

    private static readonly Meter[] Meters = [.. MeterCatalogue.All.Where(meter => meter.OnByDefault)];

    public static RoundTime Time { get; } = RoundTime.At(DateTimeOffset.UnixEpoch.AddDays(20_000), TimeSpan.FromHours(1));

    /// <summary>The samples of an account after those of another, the same each time.</summary>
    public static IEnumerable<Sample[]> ByAccount()
    {
        var random = new Random(Seed);
        var id = new byte[16];
        for (var i = 0; i < Count / Meters.Length; i++)
        {
            random.NextBytes(id);
            var project = Convert.ToHexStringLower(id);
            yield return [.. Meters.Select(meter => new Sample(meter, random.NextInt64(1L << 40), project, project, Region, Time))];
        }
    }

    /// <summary>The report of a round that made them.</summary>
    public static RoundReport Report { get; } = new()
    {
        RoundTime = Time.ToString(),
        Started = Time.Start,
        Seconds = 1,
        ListingSeconds = 0,
        Accounts = Count / Meters.Length,
        Measured = Count / Meters.Length,
        Absent = 0,
        Deleted = 0,
        Unknown = 0,
        UnknownByReason = new Dictionary<string, long>(),
        Disagreeing = 0,
        Unlisted = 0,
        Samples = Count,
        Nodes = [],
    };
}
