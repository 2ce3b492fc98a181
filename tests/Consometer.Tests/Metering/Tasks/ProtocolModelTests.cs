using System.Globalization;

namespace Consometer.Tests.Metering.Tasks;

/// <summary>
/// The protocol of shared rounds, explored. Goal: whoever dies whenever, no account is lost, none comes under two ids, and a round's tasks are
/// published once. Method: small worlds of daemons that do the protocol's steps on the real journal, plan and round; a broker with RabbitMQ's rules;
/// and a seed that says what happens next. <c>CONSOMETER_SEEDS</c> says how many seeds, <c>CONSOMETER_SEED</c> the one to see again.
/// </summary>
public sealed class ProtocolModelTests
{
    private const int Seeds = 1500;

    /// <summary>A model that finds no bug within so many seeds finds none.</summary>
    private const int SeedsToFind = 500;

    [Fact]
    public void Whatever_happens_when_the_rules_are_kept()
    {
        var counts = new ModelCounts();
        var (first, count) = SeedsToRun();
        for (var seed = first; seed < first + count; seed++)
        {
            var broken = new ModelWorld(seed, ModelBug.None, counts).Run();
            Assert.True(broken is null, $"CONSOMETER_SEED={seed}: {broken}");
        }

        TestContext.Current.SendDiagnosticMessage(string.Create(CultureInfo.InvariantCulture, $"{count} seeds: {counts}"));
        Assert.True(count < Seeds || counts.IsAllSeen, $"something never happened: {counts}");
    }

    [Theory]
    [InlineData(nameof(ModelBug.WorkerAcksFirst), "are gone")]
    [InlineData(nameof(ModelBug.WorkerReportsFirst), "came before samples")]
    [InlineData(nameof(ModelBug.IdsOfWorkers), "under two ids")]
    [InlineData(nameof(ModelBug.JournalIgnored), "begins, and")]
    [InlineData(nameof(ModelBug.ReportsAckedAtOnce), "came in time")]
    [InlineData(nameof(ModelBug.ReportsAckedBeforeEnd), "came in time|are gone")]
    public void A_protocol_with_a_bug_breaks_a_rule(string bug, string rule)
    {
        var counts = new ModelCounts();
        var broken = Enumerable.Range(1, SeedsToFind).Select(seed => new ModelWorld(seed, Enum.Parse<ModelBug>(bug), counts).Run()).OfType<string>().FirstOrDefault();

        Assert.Matches(rule, broken);
    }

    private static (int First, int Count) SeedsToRun() =>
        Number("CONSOMETER_SEED") is { } seed ? (seed, 1) : (1, Number("CONSOMETER_SEEDS") ?? Seeds);

    private static int? Number(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
