using System.Diagnostics;
using System.Runtime.CompilerServices;
using Consometer.Metering.Polling;
using Consometer.Swift.Accounts;

namespace Consometer.Metering.Rounds;

/// <summary>Counts outcomes while a round goes on.</summary>
internal sealed class RoundTally(RoundTime time, RoundOptions options, TimeProvider clock)
{
    private readonly DateTimeOffset _started = clock.GetUtcNow();
    private readonly long _startedAt = clock.GetTimestamp();
    private readonly SortedDictionary<string, long> _unknown = new(StringComparer.Ordinal);
    private readonly MeasuredTotals _totals = new();
    private double? _listingSeconds;
    private readonly Found _direct = new();
    private readonly Found _proxy = new();
    private long _measured;
    private long _byProxy;
    private long _disagreeing;
    private long _unlisted;
    private long _absent;
    private long _deleted;
    private long _orphans;
    private long _orphansUnknown;
    private long _samples;

    public long Accounts => _measured + _absent + _deleted + _unknown.Values.Sum();

    /// <summary>Passes accounts on, and notes when the first one was there.</summary>
    public async IAsyncEnumerable<Account> Listed(IAsyncEnumerable<Account> accounts, [EnumeratorCancellation] CancellationToken stopping)
    {
        await foreach (var account in accounts.WithCancellation(stopping))
        {
            _listingSeconds ??= Elapsed();
            yield return account;
        }
    }

    public void Count(AccountOutcome? outcome, int samples)
    {
        _samples += samples;
        (outcome?.ByProxy == true ? _proxy : _direct).Count(outcome);
        switch (outcome)
        {
            case null:
                break;
            case { Account.IsOrphan: true }:
                CountOrphan(outcome);
                break;
            case AccountOutcome.Measured measured:
                _measured++;
                _totals.Take(measured);
                _byProxy += measured.ByProxy ? 1 : 0;
                _disagreeing += measured.Disagreement.Count > 0 ? 1 : 0;
                _unlisted += measured.Unlisted is not null ? 1 : 0;
                break;
            case AccountOutcome.Absent:
                _absent++;
                break;
            case AccountOutcome.Deleted:
                _deleted++;
                break;
            case AccountOutcome.Unknown unknown:
                var reason = unknown.Reason.Word();
                _unknown[reason] = _unknown.GetValueOrDefault(reason) + 1;
                break;
            default:
                throw new UnreachableException();
        }
    }

    public RoundReport Report(IReadOnlyList<NodeReport> nodes) => new()
    {
        RoundTime = time.ToString(),
        Started = _started,
        Seconds = Elapsed(),
        ListingSeconds = _listingSeconds ?? Elapsed(),
        Accounts = Accounts,
        Measured = _measured,
        ByProxy = _byProxy,
        Absent = _absent,
        Deleted = _deleted,
        Unknown = _unknown.Values.Sum(),
        UnknownByReason = _unknown,
        Disagreeing = _disagreeing,
        Unlisted = _unlisted,
        Orphans = _orphans,
        OrphansUnknown = _orphansUnknown,
        Totals = _totals.Sum,
        Largest = _totals.Largest,
        Samples = _samples,
        Nodes = nodes,
        Failure = Failure(),
    };

    /// <summary>What is unknown of an orphan is no fault of the round's: nobody waits for its figure.</summary>
    private void CountOrphan(AccountOutcome outcome)
    {
        _orphans += outcome.HoldsSomething ? 1 : 0;
        _orphansUnknown += outcome is AccountOutcome.Unknown ? 1 : 0;
        _disagreeing += outcome is AccountOutcome.Measured { Disagreement.Count: > 0 } ? 1 : 0;
    }

    private double Elapsed() => clock.GetElapsedTime(_startedAt).TotalSeconds;

    /// <summary>
    /// An account that is there, or was, proves that this way of asking finds accounts: for the account-servers the hash prefix. An orphan
    /// does too. One that is unknown proves nothing, nor does one that was found the other way. A list that is suddenly empty is worth
    /// another try, unless its orphans are metered.
    /// </summary>
    private string? Failure()
    {
        if (Accounts == 0 && _samples == 0 && !options.MayBeEmpty)
        {
            return "there is no account to meter: the list of projects is empty";
        }

        return IsSuspicious(_direct) ? $"{_direct.Absent} of {Accounts} accounts are absent and none was found: the hash prefix or suffix or the ring is not this cluster's, or nobody has stored anything yet"
            : IsSuspicious(_proxy) ? $"{_proxy.Absent} of {Accounts} accounts are absent and none was found: the reseller prefix is not this cluster's, or the proxy is another region's, or nobody has stored anything yet"
            : null;
    }

    private bool IsSuspicious(Found found) => found.Absent >= options.AbsentSuspicious && !found.IsAnyThere;

    /// <summary>What one way of asking found.</summary>
    private sealed class Found
    {
        public bool IsAnyThere { get; private set; }

        public long Absent { get; private set; }

        public void Count(AccountOutcome? outcome)
        {
            Absent += outcome is AccountOutcome.Absent { Account.IsOrphan: false } ? 1 : 0;
            IsAnyThere |= outcome is AccountOutcome.Measured or AccountOutcome.Deleted;
        }
    }
}
