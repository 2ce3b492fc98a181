using System.Diagnostics;

namespace Consometer.Scenarios;

/// <summary>The one way to wait.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <param name="reason">What is waited for, for the failure's message.</param>
    /// <param name="condition">Asked again and again until it holds.</param>
    public static Task TrueAsync(string reason, Func<bool> condition) => TrueAsync(reason, () => Task.FromResult(condition()));

    /// <inheritdoc cref="TrueAsync(string, Func{bool})"/>
    public static Task TrueAsync(string reason, Func<Task<bool>> condition) => TrueAsync(() => reason, condition);

    /// <param name="reason">What is waited for, and what is there instead, asked for when it was in vain.</param>
    /// <param name="condition">Asked again and again until it holds.</param>
    public static async Task TrueAsync(Func<string> reason, Func<Task<bool>> condition)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(waited.Elapsed < Patience, $"waited {Patience} in vain for {reason()}");
            await Task.Delay(Pause);
        }
    }
}
