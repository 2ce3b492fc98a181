namespace Consometer.Scenarios.Lab;

/// <summary>What ails a node.</summary>
public enum Sickness
{
    /// <summary>Its port refuses.</summary>
    Stopped,

    /// <summary>Its port accepts, and nothing comes back.</summary>
    Frozen,

    /// <summary>507 to everything, as with its disks not mounted.</summary>
    NotMounted,

    /// <summary>500 to everything.</summary>
    Failing,

    /// <summary>Bytes that are no HTTP, without end.</summary>
    Garbage,

    /// <summary>A good status, and then headers without end.</summary>
    EndlessHeaders,

    /// <summary>A good answer, a byte a second.</summary>
    Dripping,
}
