using Consometer.Metering;
using Consometer.Metering.Samples;

namespace Consometer.Delivery.Formats;

/// <summary>What is the same in all samples of a meter that are of one round, region and origin: made once for as long as these do not change.</summary>
/// <param name="make">Makes it, of any of the samples.</param>
internal sealed class PerMeter<T>(Func<Sample, T> make)
{
    /// <summary>Meters are those of the catalogue; to compare them by what they hold takes longer than what is looked up here.</summary>
    private readonly Dictionary<Meter, T> _made = new(ReferenceEqualityComparer.Instance);

    private (RoundTime Time, string Region, string? Origin)? _of;

    public T Of(Sample sample)
    {
        var of = (sample.Time, sample.Region, sample.Origin);
        if (_of != of)
        {
            _made.Clear();
            _of = of;
        }

        if (!_made.TryGetValue(sample.Meter, out var made))
        {
            _made.Add(sample.Meter, made = make(sample));
        }

        return made;
    }
}
