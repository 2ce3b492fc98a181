using Consometer.Benchmarks.Lab;
using Consometer.Scenarios.Running;

namespace Consometer.Benchmarks;

/// <summary>The published program as a daemon, with configuration and store of its own.</summary>
internal sealed class PublishedDaemon : IAsyncDisposable
{
    private const string RoundIsComplete = " accounts in ";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly ConfigurationFolder _folder;

    private PublishedDaemon(ConfigurationFolder folder, RunningProgram program)
    {
        _folder = folder;
        Program = program;
    }

    public RunningProgram Program { get; }

    /// <param name="configuration">Its configuration, with absolute paths.</param>
    /// <param name="taskAccounts"><c>cluster.task_accounts</c> of one that shares its rounds; null for one that does not.</param>
    public static PublishedDaemon Start(LabConfiguration configuration, int? taskAccounts = null)
    {
        var folder = new ConfigurationFolder();
        var cluster = taskAccounts is null ? "" : FormattableString.Invariant($"cluster: {{ mode: shared, task_accounts: {taskAccounts} }}\n");
        folder.Write("consometer.yaml", configuration.ToYaml() + cluster);
        return new PublishedDaemon(folder, RunningProgram.Start(Artifacts.Program, ["run", "--config", folder.Path]));
    }

    /// <summary>Waits until it has so many rounds.</summary>
    /// <exception cref="TimeoutException">It has not by then.</exception>
    /// <exception cref="InvalidOperationException">It has ended.</exception>
    public Task UntilRoundsAsync(int rounds, TimeSpan deadline) => UntilAsync(log => log.Split(RoundIsComplete).Length > rounds, $"{rounds} rounds", deadline);

    /// <summary>Waits until its log is as wanted.</summary>
    /// <inheritdoc cref="UntilRoundsAsync"/>
    public async Task UntilAsync(Func<string, bool> isThere, string wanted, TimeSpan deadline)
    {
        using var timer = new CancellationTokenSource(deadline);
        while (!isThere(Program.ErrorsSoFar))
        {
            if (Program.HasEnded)
            {
                throw new InvalidOperationException($"wanted {wanted}, found that the program ended: {Program.ErrorsSoFar}");
            }

            if (timer.IsCancellationRequested)
            {
                throw new TimeoutException($"wanted {wanted} within {deadline}, found: {Program.ErrorsSoFar}");
            }

            await Task.Delay(Interval);
        }
    }

    /// <summary>The reports of its complete rounds.</summary>
    public IReadOnlyList<StoredReport> Rounds() => StoredReport.Complete(_folder.Store);

    public async ValueTask DisposeAsync()
    {
        await Program.DisposeAsync();
        _folder.Dispose();
    }
}
