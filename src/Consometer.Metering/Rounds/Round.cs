using Consometer.Metering.Polling;
using Consometer.Metering.Samples;

namespace Consometer.Metering.Rounds;

/// <summary>Takes in what a round makes.</summary>
/// <param name="outcome">What is known of an account; null with samples of containers of one that is under way.</param>
/// <param name="samples">The samples; empty where there is no figure.</param>
public delegate void KeepSamples(AccountOutcome? outcome, IReadOnlyList<Sample> samples);

/// <summary>The limits of a round.</summary>
/// <param name="TimeLimit">When polling ends: accounts not settled by then are unknown.</param>
/// <param name="MayBeEmpty">Whether a round over no account is a good one: the accounts are a share of all.</param>
/// <param name="AbsentSuspicious">
/// So many absent accounts, and none that is there, make a round count for nothing: the hash prefix may be wrong. With fewer than ten, nobody having stored anything is likelier.
/// </param>
public sealed record RoundOptions(TimeSpan TimeLimit, bool MayBeEmpty = false, int AbsentSuspicious = 10);

/// <summary>
/// One walk over all accounts: poll, make samples, keep them, count. <c>poll</c>, <c>run</c> and <c>demo</c> all do this and
/// nothing else.
/// </summary>
/// <param name="pollster">Asks for the accounts.</param>
/// <param name="sampleMaker">Makes the samples.</param>
/// <param name="options">Its limits.</param>
/// <param name="clock">What the round is timed by.</param>
public sealed class Round(IPollster pollster, SampleMaker sampleMaker, RoundOptions options, TimeProvider clock)
{
    /// <summary>Timers hold no more than 49 days.</summary>
    private static readonly TimeSpan TimeLimitMax = TimeSpan.FromDays(40);

    /// <summary>Does the round.</summary>
    /// <param name="time">The time its samples carry.</param>
    /// <param name="accounts">The accounts, each once. An error of theirs ends the round.</param>
    /// <param name="keep">Called once for each account, after any pages of its containers, one call after another.</param>
    /// <returns>
    /// The report. With a <see cref="RoundReport.Failure"/> what was kept must be discarded: the round says nothing.
    /// </returns>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> was cancelled; the round is not whole.</exception>
    public async Task<RoundReport> RunAsync(
        RoundTime time, IAsyncEnumerable<Account> accounts, KeepSamples keep, CancellationToken stopping)
    {
        using var outOfTime = new CancellationTokenSource(options.TimeLimit < TimeLimitMax ? options.TimeLimit : TimeLimitMax, clock);
        var tally = new RoundTally(time, options, clock);
        try
        {
            await foreach (var polled in pollster.PollAsync(tally.Listed(accounts, stopping), outOfTime.Token, stopping))
            {
                var outcome = (polled as Polled.Settled)?.Outcome;
                var samples = polled is Polled.Page page
                    ? sampleMaker.SamplesOf(page.Account, page.Containers, time)
                    : sampleMaker.SamplesOf(outcome!, time);
                tally.Count(outcome, samples.Count);
                keep(outcome, samples);
            }
        }
        finally
        {
            // Its end, and its failure, may come by a thread that servers' answers come by; what follows goes to the store.
            await Task.Yield();
        }

        return tally.Report(pollster.Nodes);
    }
}
