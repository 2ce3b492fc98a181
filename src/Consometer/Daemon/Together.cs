namespace Consometer.Daemon;

/// <summary>Works of which none goes on without the others.</summary>
internal static class Together
{
    /// <summary>Runs them until the first has ended, by itself or by a failure; then ends the others, and waits for that.</summary>
    /// <param name="work">The works; each ends when its token is cancelled.</param>
    /// <param name="ending">Ends them all.</param>
    /// <exception cref="Exception">What the first failed with; but a defect of any of them before an operator's failure.</exception>
    public static async Task RunAsync(IReadOnlyList<Func<CancellationToken, Task>> work, CancellationToken ending)
    {
        using var rest = CancellationTokenSource.CreateLinkedTokenSource(ending);
        Task[] running = [.. work.Select(each => each(rest.Token))];
        var first = await Task.WhenAny(running);
        await rest.CancelAsync();
        await Task.WhenAll(running).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await (Array.Find(running, each => each.Exception is { InnerException: { } failure } && OperatorFailure.ExitCodeOf(failure) is null) ?? first);
    }
}
