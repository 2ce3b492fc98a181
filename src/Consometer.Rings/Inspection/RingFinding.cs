namespace Consometer.Rings.Inspection;

/// <summary>How much a finding weighs.</summary>
public enum FindingWeight
{
    /// <summary>The ring is read alike by everybody, but replicas are not as far apart as they could be.</summary>
    Warning,

    /// <summary>Not what Swift wrote, or not what Swift can use: servers may disagree on where accounts are.</summary>
    Error,
}

/// <summary>Something that is wrong with a ring.</summary>
/// <param name="Weight">How much it weighs.</param>
/// <param name="Place">Where it is, or the first of it: a byte of the file, a byte of the inflated ring, a partition, a device.</param>
/// <param name="Wanted">What a sound ring has there.</param>
/// <param name="Found">What this one has there.</param>
/// <param name="Count">How often it is so.</param>
public sealed record RingFinding(FindingWeight Weight, string Place, string Wanted, string Found, long Count = 1);
