using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Poll;

/// <summary>A round that would take longer than its share of the period ends, and says what it did not reach.</summary>
public sealed class OutOfTimeTests(RealSwift lab) : LabTest(lab)
{
    private const int UnknownAccounts = 4;
    private const double PollingSeconds = 4;

    /// <summary>What a busy machine may add.</summary>
    private const double NoiseSeconds = 2;

    /// <summary>A tenth of 40 s. Four nodes five times a second are some 80 of 612 accounts.</summary>
    private static readonly LabConfiguration Slowly = new() { Timeout = "40s", PollingShare = "0.1", Swift = ["requests_per_second: 5"] };

    /// <summary>A hung node would be waited for ten seconds.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_not_reached_is_unknown_and_has_no_sample(bool isNodeFrozen)
    {
        await using var outage = isNodeFrozen ? await RealSwift.FreezeNodeAsync(4) : null;

        var round = await RoundAsync(Slowly);

        Assert.InRange(round.Report.Seconds, PollingSeconds, PollingSeconds + NoiseSeconds);
        Assert.Equal((UnknownAccounts, Truth.Count), (round.ExitCode, round.Report.Accounts));
        Assert.Equal(["out_of_time"], round.Report.UnknownByReason.Keys);
        Assert.InRange(round.Report.Measured, 1, Truth.Count / 2);
        Assert.All(round.Unknown.Values, replicas => Assert.StartsWith("out_of_time", replicas, StringComparison.Ordinal));
        Figure.AssertSame(Truth.Where(account => !round.Unknown.ContainsKey(account.Account)).SelectMany(account => account.Figures), round.Samples.Select(sample => sample.Figure));
    }

    [Fact]
    public async Task A_cluster_that_hangs_altogether_ends_no_later()
    {
        await using var first = await RealSwift.FreezeNodeAsync(1);
        await using var second = await RealSwift.FreezeNodeAsync(2);
        await using var third = await RealSwift.FreezeNodeAsync(3);
        await using var fourth = await RealSwift.FreezeNodeAsync(4);

        var round = await RoundAsync(Slowly with { Swift = ["node_timeout: 1m"] });

        Assert.InRange(round.Report.Seconds, PollingSeconds, PollingSeconds + NoiseSeconds);
        Assert.Equal((UnknownAccounts, Truth.Count), (round.ExitCode, round.Report.UnknownByReason["out_of_time"]));
        Assert.Empty(round.Samples);
    }
}
