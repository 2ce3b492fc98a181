using Consometer.Metering.Polling;
using Consometer.Metering.Samples;

namespace Consometer.Metering.Rounds;

/// <summary>Takes in what a round makes of one account: the outcome, and the samples if it has any.</summary>
/// <param name="outcome">What is known of the account.</param>
/// <param name="samples">Its samples; empty where there is no figure.</param>
public delegate void KeepAccount(AccountOutcome outcome, IReadOnlyList<Sample> samples);

/// <summary>
/// One walk over all accounts: poll, make samples, keep them, count. <c>poll</c>, <c>run</c> and <c>demo</c> all do this and
/// nothing else.
/// </summary>
public sealed class Round(DirectPollster pollster, SampleMaker sampleMaker, TimeProvider clock)
{
    /// <summary>Does the round.</summary>
    /// <param name="time">The time its samples carry.</param>
    /// <param name="accounts">The accounts, each once. An error of theirs ends the round.</param>
    /// <param name="keep">Called once for each account, one call after another. An account is forgotten after it.</param>
    /// <returns>
    /// The report. With a <see cref="RoundReport.Failure"/> what was kept must be discarded: the round says nothing.
    /// </returns>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> was cancelled; the round is not whole.</exception>
    public async Task<RoundReport> RunAsync(
        RoundTime time, IAsyncEnumerable<Account> accounts, KeepAccount keep, CancellationToken stopping)
    {
        var tally = new RoundTally(time, clock);
        await foreach (var outcome in pollster.PollAsync(tally.Listed(accounts, stopping), stopping))
        {
            Sample[] samples = [.. sampleMaker.SamplesOf(outcome, time)];
            tally.Count(outcome);
            tally.CountSamples(samples.Length);
            keep(outcome, samples);
        }

        return tally.Report();
    }
}
