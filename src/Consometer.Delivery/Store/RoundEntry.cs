using Consometer.Metering;
using Consometer.Metering.Polling;
using Consometer.Metering.Rounds;
using Consometer.Metering.Samples;
using Consometer.Metering.Tasks;

namespace Consometer.Delivery.Store;

/// <summary>A round in the store: written while it runs, then read.</summary>
public sealed class RoundEntry : IDisposable
{
    /// <summary>
    /// Samples and remarks in a transaction, and those of an account or a page more: few enough for little to wait in memory. They are
    /// collected first: a transaction that is open while servers are asked would lock other processes out for as long as those take.
    /// </summary>
    private const int RowsPerCommit = 10_000;

    private const string Task = "task";

    private readonly StoreConnection _connection;
    private readonly string _region;
    private readonly string _endsAs;
    private readonly RemarkWriter _remarks;
    private readonly SampleWriter _samples;
    private readonly OrphanSearch _orphans;
    private int _uncommitted;
    private bool _ended;

    internal RoundEntry(StoreConnection connection, long id, NewRound round, StoreLock? @lock)
    {
        _connection = connection;
        Id = id;
        Lock = @lock;
        Time = round.Time;
        _region = round.Region;
        _endsAs = round.IsTask ? Task : round.IsPartial ? "partial" : "complete";
        _orphans = new OrphanSearch(connection, round.Region);
        _remarks = new RemarkWriter(connection, id);
        _samples = new SampleWriter(connection, id, round, _remarks);
    }

    /// <summary>Its place in the store.</summary>
    public long Id { get; }

    /// <summary>Its period.</summary>
    public RoundTime Time { get; }

    /// <summary>How many samples were withheld so far, since no consumer could read them.</summary>
    public int WithheldCount => _samples.WithheldCount;

    /// <summary>What shows that its writer is alive; null for a store of nobody else's.</summary>
    internal StoreLock? Lock { get; }

    /// <summary>Keeps what the round made of an account.</summary>
    /// <param name="outcome">What is known of it; null with samples of a page of its containers, which may be more than memory holds.</param>
    /// <param name="samples">Its samples.</param>
    /// <exception cref="StoreException">They cannot be written.</exception>
    public void Keep(AccountOutcome? outcome, IReadOnlyList<Sample> samples)
    {
        if (outcome is not null)
        {
            _remarks.Add(outcome);
            _orphans.Take(outcome);
        }

        foreach (var sample in samples)
        {
            _samples.Add(sample);
        }

        _uncommitted += samples.Count + 1;
        if (_uncommitted >= RowsPerCommit)
        {
            _connection.InTransaction(InsertPending);
            _uncommitted = 0;
        }
    }

    /// <summary>
    /// Ends the round. A complete one is seen from then on, beside earlier ones of its period; of a failed one the samples go,
    /// and it takes the place of earlier failed ones.
    /// </summary>
    /// <exception cref="StoreException">It cannot be written.</exception>
    public void End(RoundReport report)
    {
        _samples.CloseBatches();

        // With this commit all before it are on the disk: they are in the one log that is synced.
        _connection.Execute("PRAGMA synchronous = FULL");
        _connection.InTransaction(() =>
        {
            InsertPending();
            if (_endsAs == Task)
            {
                SetState(Task, null);
                return;
            }

            const string FailedBefore = """
                SELECT id FROM round
                WHERE id <> $round AND state = 'failed' AND (region, time) = (SELECT region, time FROM round WHERE id = $round)
                """;
            foreach (var table in StoreSchema.TablesOfRounds)
            {
                _connection.Execute($"DELETE FROM {table} WHERE round IN ({FailedBefore})", ("$round", Id));
            }

            _connection.Execute($"DELETE FROM round WHERE id IN ({FailedBefore})", ("$round", Id));
            if (!report.IsComplete)
            {
                _connection.Execute("DELETE FROM figure WHERE round = $round; DELETE FROM outbox WHERE round = $round", ("$round", Id));
            }

            SetState(report.IsComplete ? _endsAs : "failed", report.ToJson());
        });
        _ended = true;
        if (report.IsComplete)
        {
            ForgetGone();
        }
    }

    /// <summary>Keeps what was found out of an account elsewhere.</summary>
    public void Keep(RoundRemark remark) => _remarks.Add(remark);

    /// <summary>
    /// Takes over the figures of this store's tasks of the same period, so that they are seen with the round: to be called before
    /// <see cref="End"/>. An account that a task had twice keeps its first figure.
    /// </summary>
    /// <exception cref="StoreException">They cannot be written.</exception>
    public void TakeTasks() => _connection.InTransaction(() => _connection.Execute(
        """
        UPDATE OR IGNORE figure SET round = $round
        WHERE round IN (SELECT id FROM round WHERE state = 'task' AND (region, time) = (SELECT region, time FROM round WHERE id = $round))
        """,
        ("$round", Id)));

    /// <summary>What there is to say of single accounts, but of those that are absent or deleted.</summary>
    /// <exception cref="StoreException">They cannot be read.</exception>
    public IEnumerable<RoundRemark> Remarks() => _connection.Query(
        """
        SELECT outcome, account, project_id, ifnull(reason, '') FROM not_measured WHERE round = $round AND outcome NOT IN ('absent', 'deleted')
        UNION ALL SELECT $disagreeing, account, '', readings FROM disagreement WHERE round = $round
        """,
        row => new RoundRemark(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3)),
        ("$round", Id),
        ("$disagreeing", RoundRemark.Disagreeing));

    /// <summary>The samples, by resource and meter.</summary>
    /// <exception cref="StoreException">They cannot be read.</exception>
    public IEnumerable<Sample> Samples()
    {
        var meters = MeterCatalogue.All.ToDictionary(meter => meter.Name);
        return _connection.Query(
            "SELECT resource_id, meter, project_id, volume, storage_policy FROM sample WHERE round = $round ORDER BY resource_id, meter",
            row => new Sample(meters[row.GetString(1)], row.GetInt64(3), row.GetString(0), row.GetString(2), _region, Time)
            {
                StoragePolicy = row.IsDBNull(4) ? null : row.GetString(4),
            },
            ("$round", Id));
    }

    /// <summary>The unknown accounts, by name.</summary>
    /// <exception cref="StoreException">They cannot be read.</exception>
    public IEnumerable<AccountRemark> Unknown() => NotMeasured("unknown");

    /// <summary>The resources of which a sample was made that no consumer could read, and what is wrong with it.</summary>
    /// <exception cref="StoreException">They cannot be read.</exception>
    public IEnumerable<AccountRemark> Withheld() => NotMeasured("withheld");

    /// <summary>The measured accounts whose containers were not listed to the end, by name.</summary>
    /// <exception cref="StoreException">They cannot be read.</exception>
    public IEnumerable<AccountRemark> Unlisted() => NotMeasured("unlisted");

    /// <summary>The accounts whose project Keystone lists no more, by name: what they hold, or why that is unknown, and when they were listed last.</summary>
    /// <exception cref="StoreException">They cannot be read.</exception>
    public IEnumerable<AccountRemark> Orphans() => NotMeasured("orphan");

    /// <summary>The accounts whose replicas do not say the same, by name.</summary>
    /// <exception cref="StoreException">They cannot be read.</exception>
    public IEnumerable<AccountRemark> Disagreeing() => _connection.Query(
        "SELECT account, readings FROM disagreement WHERE round = $round ORDER BY account",
        row => new AccountRemark(row.GetString(0), row.GetString(1)),
        ("$round", Id));

    /// <summary>A round that was not ended is abandoned, and never seen.</summary>
    public void Dispose()
    {
        if (!_ended)
        {
            Abandon();
        }

        _samples.Dispose();
        _remarks.Dispose();
        Lock?.Dispose();
    }

    private IEnumerable<AccountRemark> NotMeasured(string outcome) => _connection.Query(
        "SELECT account, reason FROM not_measured WHERE round = $round AND outcome = $outcome ORDER BY account",
        row => new AccountRemark(row.GetString(0), row.GetString(1)),
        ("$round", Id),
        ("$outcome", outcome));

    private void SetState(string state, string? report)
    {
        var ended = _connection.Scalar(
            "UPDATE round SET state = $state, report = $report WHERE id = $round AND state = 'running' RETURNING id",
            ("$state", state),
            ("$report", (object?)report ?? DBNull.Value),
            ("$round", Id));
        if (ended is null)
        {
            throw _connection.Failure($"wanted the round {Time} to end, found it gone: another process took it for a crash's");
        }
    }

    private void InsertPending()
    {
        _samples.Insert();
        _remarks.Insert();
    }

    private void ForgetGone()
    {
        try
        {
            _orphans.ForgetGone();
        }
        catch (StoreException)
        {
            // The round is whole without it, and the next one finds them gone again.
        }
    }

    /// <summary>Only marked: deleting millions of rows would hold up whoever stops the program. The next round does it.</summary>
    private void Abandon()
    {
        try
        {
            _connection.Execute("UPDATE round SET state = 'abandoned' WHERE id = $round", ("$round", Id));
        }
        catch (StoreException)
        {
            // It is not to be seen as it is; and what could not be written is told by whoever could not write it.
        }
    }
}
