using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Running;
using Consometer.Scenarios.Samples;

namespace Consometer.Scenarios.Poll;

public sealed class NodeOutageTests(RealSwift lab) : LabTest(lab)
{
    private const int UnknownAccounts = 4;

    /// <summary>An absent account stays known only if no replica that is asked, primary or handoff, is on the dead node.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task With_a_node_dead_what_is_measured_is_exact_and_what_is_unknown_has_no_sample(int node)
    {
        var unknown = await AbsentNeedingAsync(node);
        await using var outage = await RealSwift.StopNodeAsync(node);

        var run = await PollAsync(new LabConfiguration(), ["--format", "ndjson"]);

        Assert.Equal(unknown.Count > 0 ? UnknownAccounts : 0, run.ExitCode);
        var wanted = Truth.Where(account => !unknown.Contains(account)).SelectMany(account => account.Figures);
        Figure.AssertSame(wanted, PrintedSample.FromNdjson(run.Output).Select(sample => sample.Figure));
    }

    [Fact]
    public async Task With_a_node_dead_and_nothing_unknown_the_round_is_a_good_one()
    {
        var measured = Truth.Where(account => account.Kind == AccountKind.Measured).ToArray();
        await using var outage = await RealSwift.StopNodeAsync(1);

        var names = string.Concat(measured.Select(account => account.ProjectId + "\n"));
        var samples = await SamplesAsync(new LabConfiguration(), ["--accounts-file", "-"], names);

        Figure.AssertSame(measured.SelectMany(account => account.Figures), samples.Select(sample => sample.Figure));
    }

    [Fact]
    public async Task The_table_says_which_account_has_no_figure_and_why()
    {
        var unknown = await AbsentNeedingAsync(1);
        Assert.NotEmpty(unknown);
        await using var outage = await RealSwift.StopNodeAsync(1);

        var run = await PollAsync(new LabConfiguration(), []);

        Assert.Equal(UnknownAccounts, run.ExitCode);
        Assert.All(unknown, account =>
        {
            var line = Assert.Single(run.OutputLines, line => line.Contains(account.Account, StringComparison.Ordinal));
            Assert.Matches(@"127\.0\.0\.1:6202/d[01] unreachable", line);
        });
    }
}
