namespace Consometer.Metering.Samples;

/// <summary>One figure about one resource at one time, in Ceilometer's terms (<c>ceilometer/sample.py</c>).</summary>
/// <param name="Meter">Its <c>counter_name</c>, <c>counter_type</c> and <c>counter_unit</c>.</param>
/// <param name="Volume">The figure, in the meter's unit.</param>
/// <param name="ResourceId">What the figure is about: a project or account, <c>project/policy</c>, <c>project/container</c>.</param>
/// <param name="ProjectId">Who pays for it.</param>
/// <param name="Region">The region of the cluster.</param>
/// <param name="Time">The round it belongs to; also what its id is made of.</param>
public sealed record Sample(Meter Meter, long Volume, string ResourceId, string ProjectId, string Region, RoundTime Time)
{
    /// <summary>Ceilometer's name for the origin of samples.</summary>
    public const string Source = "openstack";

    /// <summary>The storage policy that the figure is about, or that the container is in; null where there is none, or it is not known.</summary>
    public string? StoragePolicy { get; init; }

    /// <summary>Who counted, of a figure that several add up to (host and log); null of one that is the same whoever asks.</summary>
    public string? Origin { get; init; }

    /// <summary>The same for the same figure of the same round, however often it is made: a consumer drops repeats by it.</summary>
    public Guid MessageId => SampleIds.Like(this).Of(ResourceId);
}
