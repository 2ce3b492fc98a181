using Consometer.Metering.Polling;
using Consometer.Swift.Accounts;

namespace Consometer.Metering.Samples;

/// <summary>Turns outcomes and listings into samples.</summary>
/// <param name="meters">The meters that are on.</param>
/// <param name="region">The region of the cluster.</param>
/// <param name="absentIsZero">Whether an absent account counts as zero, as the proxy shows it, or is left out.</param>
public sealed class SampleMaker(IReadOnlyList<Meter> meters, string region, bool absentIsZero)
{
    private readonly Meter<AccountUsage>[] _ofAccounts = [.. meters.OfType<Meter<AccountUsage>>()];
    private readonly Meter<PolicyUsage>[] _ofPolicies = [.. meters.OfType<Meter<PolicyUsage>>()];
    private readonly Meter<ContainerUsage>[] _ofContainers = [.. meters.OfType<Meter<ContainerUsage>>()];

    /// <summary>Whether a meter of containers is on: then accounts must be listed too.</summary>
    public bool NeedsContainers => _ofContainers.Length > 0;

    /// <summary>
    /// The samples of an account and of the storage policies in it. None of a deleted one; of an unknown one none, ever. An account that is
    /// absent and whose project is gone is nothing at all, and no zero.
    /// </summary>
    public IReadOnlyList<Sample> SamplesOf(AccountOutcome outcome, RoundTime time)
    {
        AccountUsage? usage = outcome switch
        {
            { Account.IsMetered: false } => null,
            AccountOutcome.Measured measured => measured.Usage,
            AccountOutcome.Absent { Account.IsOrphan: false } when absentIsZero => AccountUsage.Zero,
            _ => null,
        };
        return usage is null ? [] : SamplesOf(outcome.Account, usage, time);
    }

    /// <summary>The samples of containers of an account, a page of its listing or any other part.</summary>
    public IReadOnlyList<Sample> SamplesOf(Account account, IReadOnlyList<ContainerUsage> containers, RoundTime time)
    {
        var samples = new List<Sample>(_ofContainers.Length * containers.Count);
        foreach (var container in containers)
        {
            Add(samples, _ofContainers, container, account, container.Name, container.Policy, time);
        }

        return samples;
    }

    private List<Sample> SamplesOf(Account account, AccountUsage usage, RoundTime time)
    {
        var samples = new List<Sample>(_ofAccounts.Length + (_ofPolicies.Length * usage.Policies.Count));
        Add(samples, _ofAccounts, usage, account, within: null, policy: null, time);
        if (_ofPolicies.Length > 0)
        {
            foreach (var policy in usage.Policies)
            {
                Add(samples, _ofPolicies, policy, account, policy.Name, policy.Name, time);
            }
        }

        return samples;
    }

    /// <param name="within">The name of the container or policy in the account; null if the usage is the account's own.</param>
    private void Add<TUsage>(List<Sample> samples, Meter<TUsage>[] on, TUsage usage, Account account, string? within, string? policy, RoundTime time)
    {
        // A container and a policy may have one name: their meters have not.
        var resource = within is null ? account.ResourceId : $"{account.ResourceId}/{within}";
        foreach (var meter in on)
        {
            if (meter.Volume(usage) is { } volume)
            {
                samples.Add(new Sample(meter, volume, resource, account.ProjectId, region, time) { StoragePolicy = policy });
            }
        }
    }
}
