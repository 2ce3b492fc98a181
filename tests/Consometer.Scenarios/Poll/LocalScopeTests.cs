using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Running;
using Consometer.Scenarios.Samples;

namespace Consometer.Scenarios.Poll;

/// <summary><c>scope: local</c>: one daemon on each storage node.</summary>
public sealed class LocalScopeTests(RealSwift lab) : LabTest(lab)
{
    private const int InputFile = 3;
    private const int Nodes = 4;

    [Fact]
    public async Task The_nodes_together_have_every_account_once()
    {
        var rounds = new List<PrintedRound>();
        for (var node = 1; node <= Nodes; node++)
        {
            rounds.Add(await RoundAsync(Local($"127.0.0.{node}")));
        }

        Assert.All(rounds, round => Assert.Equal(0, round.ExitCode));
        Assert.All(rounds, round => Assert.NotEmpty(round.Samples));
        Figure.AssertSame(AllFigures, rounds.SelectMany(round => round.Samples).Select(sample => sample.Figure));
        Assert.Equal(Truth.Count, rounds.Sum(round => round.Report.Accounts));
    }

    /// <summary>Nobody takes over from it, and nobody is asked less for it.</summary>
    [Fact]
    public async Task A_node_whose_own_account_server_is_dead_meters_its_accounts_elsewhere()
    {
        var healthy = await RoundAsync(Local("127.0.0.3"));
        await using var outage = await RealSwift.StopNodeAsync(3);

        var round = await RoundAsync(Local("127.0.0.3"));

        Assert.Equal(healthy.Report.Measured, round.Report.Measured);
        Assert.Equal(healthy.Report.Accounts, round.Report.Accounts);
        Assert.Empty(round.Samples.Except(healthy.Samples));
    }

    [Fact]
    public async Task A_host_that_is_not_in_the_ring_is_told_so()
    {
        var run = await PollAsync(Local("192.0.2.1"), ["--format", "json"]);

        Assert.Equal((InputFile, ""), (run.ExitCode, run.Output));
        Assert.Contains("192.0.2.1", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    private static LabConfiguration Local(string ip) => new() { Swift = ["scope: local", $"ring_ip: {ip}"] };
}
