using Consometer.Metering.Samples;

namespace Consometer.Delivery.Store;

/// <summary>Writes samples into a round, each as its volume and the numbers of its resource and its meter.</summary>
internal sealed class FigureWriter(StoreConnection connection, long round) : IDisposable
{
    private readonly StoreStatement _findResource = connection.Prepare(
        "SELECT id FROM resource WHERE resource_id = $resource AND project_id = $project AND storage_policy = $policy");

    private readonly StoreStatement _insertResource = connection.Prepare(
        "INSERT INTO resource (resource_id, project_id, storage_policy) VALUES ($resource, $project, $policy) RETURNING id");

    private readonly StoreStatement _insertFigure = connection.Prepare(
        "INSERT OR IGNORE INTO figure (round, resource, meter, volume) VALUES ($round, $resource, $meter, $volume)");

    private readonly Dictionary<Meter, long> _meters = [];
    private (Sample Sample, long Number)? _last;

    /// <summary>Writes a sample in the transaction that is open. A page of containers that is listed again changes nothing.</summary>
    public void Insert(Sample sample) => _insertFigure.Run(round, NumberOfResource(sample), NumberOfMeter(sample.Meter), sample.Volume);

    public void Dispose()
    {
        _findResource.Dispose();
        _insertResource.Dispose();
        _insertFigure.Dispose();
    }

    /// <summary>The samples of a resource come one after another, so the last one's number is mostly the one.</summary>
    private long NumberOfResource(Sample sample)
    {
        if (_last is not { } last || last.Sample.ResourceId != sample.ResourceId || last.Sample.ProjectId != sample.ProjectId || last.Sample.StoragePolicy != sample.StoragePolicy)
        {
            var policy = sample.StoragePolicy ?? "";
            last = (sample, (_findResource.Run(sample.ResourceId, sample.ProjectId, policy) ?? _insertResource.Run(sample.ResourceId, sample.ProjectId, policy))!.Value);
            _last = last;
        }

        return last.Number;
    }

    private long NumberOfMeter(Meter meter)
    {
        if (!_meters.TryGetValue(meter, out var number))
        {
            number = connection.NumberOfMeter(meter.Name);
            _meters.Add(meter, number);
        }

        return number;
    }
}
