using Consometer.Metering;
using Consometer.Metering.Samples;

namespace Consometer.Cli.Output;

/// <summary>What a round says of a resource: a line of a table for people.</summary>
/// <param name="Time">The round's time.</param>
/// <param name="Resource">The resource.</param>
/// <param name="Volumes">Its figures by the names of meters.</param>
internal sealed record FigureRow(RoundTime Time, string Resource, IReadOnlyDictionary<string, long> Volumes)
{
    /// <summary>Lines that a person could look at; the formats for machines have all, and need no memory for them.</summary>
    public const int ShownMax = 10_000;

    /// <summary>Puts samples that follow each other and are of one round and resource on one line.</summary>
    public static IEnumerable<FigureRow> Of(IEnumerable<Sample> samples)
    {
        Sample? first = null;
        var volumes = new Dictionary<string, long>();
        foreach (var sample in samples)
        {
            if (first is not null && (first.ResourceId != sample.ResourceId || first.Time.Start != sample.Time.Start))
            {
                yield return new FigureRow(first.Time, first.ResourceId, volumes);
                first = null;
                volumes = [];
            }

            first ??= sample;
            volumes[sample.Meter.Name] = sample.Volume;
        }

        if (first is not null)
        {
            yield return new FigureRow(first.Time, first.ResourceId, volumes);
        }
    }

    /// <summary>A cell for each meter: a dash where there is no figure, which is not 0.</summary>
    public IEnumerable<string> Cells(IEnumerable<Meter> columns, Func<Meter, long, string> show) =>
        columns.Select(meter => Volumes.TryGetValue(meter.Name, out var volume) ? show(meter, volume) : "-");
}
