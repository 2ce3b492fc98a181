using Consometer.Metering.Polling;
using Consometer.Metering.Samples;
using Consometer.Metering.Tasks;

namespace Consometer.Delivery.Store;

/// <summary>Writes what there is to say of accounts that were not simply measured, and of samples that are withheld.</summary>
internal sealed class RemarkWriter(StoreConnection connection, long round) : IDisposable
{
    private readonly StoreStatement _insertNotMeasured = connection.Prepare(
        "INSERT OR IGNORE INTO not_measured (round, account, project_id, outcome, reason) VALUES ($round, $account, $project, $outcome, $reason)");

    private readonly StoreStatement _insertDisagreement = connection.Prepare(
        "INSERT OR IGNORE INTO disagreement (round, account, readings) VALUES ($round, $account, $readings)");

    private readonly List<AccountOutcome> _outcomes = [];
    private readonly List<RoundRemark> _remarks = [];

    /// <summary>Takes an outcome in, if there is anything to say of it.</summary>
    public void Add(AccountOutcome outcome)
    {
        if (outcome is not AccountOutcome.Measured { Account.IsOrphan: false, Disagreement.Count: 0, Unlisted: null })
        {
            _outcomes.Add(outcome);
        }
    }

    public void AddWithheld(Sample sample, string fault) => Add(new RoundRemark("withheld", sample.ResourceId, "", $"{sample.Meter.Name}: {fault}"));

    /// <summary>Takes in what there is to say of an account.</summary>
    public void Add(RoundRemark remark) => _remarks.Add(remark);

    /// <summary>Writes what came since the last time, in the transaction that is open.</summary>
    public void Insert()
    {
        foreach (var (outcome, account, project, reason) in _remarks)
        {
            if (outcome == RoundRemark.Disagreeing)
            {
                _insertDisagreement.Run(round, account, reason);
            }
            else
            {
                _insertNotMeasured.Run(round, account, project, outcome, reason);
            }
        }

        foreach (var outcome in _outcomes)
        {
            if (outcome is AccountOutcome.Measured { Disagreement: { Count: > 0 } readings })
            {
                _insertDisagreement.Run(round, outcome.Account.Name, string.Join(", ", readings.Select(OutcomeText.Describe)));
            }

            if (OutcomeText.NotMeasured(outcome) is var (word, reason))
            {
                _insertNotMeasured.Run(round, outcome.Account.Name, outcome.Account.ProjectId, word, reason);
            }
        }

        _remarks.Clear();
        _outcomes.Clear();
    }

    public void Dispose()
    {
        _insertNotMeasured.Dispose();
        _insertDisagreement.Dispose();
    }
}
