namespace Consometer.Scenarios;

/// <summary>For what a test leaves to chance.</summary>
internal static class Chance
{
    /// <summary>With the seed that <c>CONSOMETER_SEED</c> names, or another each time. It is in the test's output.</summary>
    public static Random Seeded()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("CONSOMETER_SEED"), out var given) ? given : Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        return new Random(seed);
    }
}
