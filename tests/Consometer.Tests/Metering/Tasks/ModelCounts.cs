namespace Consometer.Tests.Metering.Tasks;

/// <summary>What is done wrong on purpose, to see that it is found.</summary>
internal enum ModelBug
{
    None,
    WorkerAcksFirst,
    WorkerReportsFirst,
    IdsOfWorkers,
    JournalIgnored,
    ReportsAckedAtOnce,
    ReportsAckedBeforeEnd,
}

/// <summary>How often something happened in worlds that kept the rules: what never happens is not tested.</summary>
internal sealed record ModelCounts
{
    public int Rounds { get; set; }

    public int Failed { get; set; }

    /// <summary>Coordinators that went on with a round of another.</summary>
    public int TakenUp { get; set; }

    /// <summary>Plans that another coordinator had begun.</summary>
    public int Resumed { get; set; }

    public int Redelivered { get; set; }

    public int Late { get; set; }

    public int Poison { get; set; }

    public int NotReported { get; set; }

    /// <summary>Tasks that the broker's own death left in one queue only.</summary>
    public int Torn { get; set; }

    /// <summary>Samples that came more than once.</summary>
    public int Repeated { get; set; }

    public bool IsAllSeen => new[] { Rounds, Failed, TakenUp, Resumed, Redelivered, Late, Poison, NotReported, Torn, Repeated }.All(count => count > 0);
}
