using Consometer.Metering.Polling;
using Consometer.Swift.Accounts;

namespace Consometer.Metering.Samples;

/// <summary>Turns outcomes into samples.</summary>
/// <param name="meters">The meters that are on.</param>
/// <param name="region">The region of the cluster.</param>
/// <param name="absentIsZero">Whether an absent account counts as zero, as the proxy shows it, or is left out.</param>
public sealed class SampleMaker(IReadOnlyList<Meter> meters, string region, bool absentIsZero)
{
    /// <summary>The samples of an account. None of a deleted one; of an unknown one none, ever.</summary>
    public IEnumerable<Sample> SamplesOf(AccountOutcome outcome, RoundTime time)
    {
        AccountUsage? usage = outcome switch
        {
            AccountOutcome.Measured measured => measured.Usage,
            AccountOutcome.Absent when absentIsZero => AccountUsage.Zero,
            _ => null,
        };
        return usage is null
            ? []
            : meters.Select(meter => new Sample(meter, meter.Volume(usage), outcome.Account.ResourceId, outcome.Account.ProjectId, region, time));
    }
}
