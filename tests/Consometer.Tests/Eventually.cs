using System.Diagnostics;

namespace Consometer.Tests;

/// <summary>The only way a test waits: for something, by name, and not for ever.</summary>
internal static class Eventually
{
    private static readonly TimeSpan GivesUpAfter = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LooksEvery = TimeSpan.FromMilliseconds(5);

    public static async Task HoldsAsync(string reason, Func<bool> condition)
    {
        var stopping = TestContext.Current.CancellationToken;
        var waiting = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(waiting.Elapsed < GivesUpAfter, $"waited in vain: {reason}");
            await Task.Delay(LooksEvery, stopping);
        }
    }
}
