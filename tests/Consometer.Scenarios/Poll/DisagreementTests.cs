using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Poll;

/// <summary><c>replicas: all</c>: every account whose replicas do not say the same is named, and no other.</summary>
public sealed class DisagreementTests(RealSwift lab) : LabTest(lab)
{
    private const int Replicas = 3;
    private const int Outvoted = 20;

    private static readonly LabConfiguration Configuration = new() { Swift = ["replicas: all"] };

    [Fact]
    public async Task On_a_healthy_cluster_nothing_disagrees_and_every_replica_was_asked()
    {
        var round = await RoundAsync(Configuration);

        Assert.Equal((0, 0), (round.ExitCode, round.Report.Disagreeing));
        Assert.Empty(round.Disagreeing);
        Figure.AssertSame(AllFigures, round.Samples.Select(sample => sample.Figure));
        Assert.True(round.Report.Nodes.Sum(node => node.Requests) >= Replicas * Truth.Count);
    }

    /// <summary>
    /// Among all of the lab's. Of twenty accounts each replica in turn is the odd one, with more or with less; of three more all
    /// replicas differ, and the first primary's word is taken.
    /// </summary>
    [Fact]
    public async Task All_that_disagree_are_found_and_what_most_say_is_taken()
    {
        var accounts = Enumerable.Range(0, Outvoted + 3).ToArray();
        MadeReplica[] replicas = [.. from i in accounts from place in Enumerable.Range(0, Replicas) select new MadeReplica($"scenario-odd-{i:00}", place, UsageAt(i, place))];
        await using var made = await MadeAccounts.PutAsync(replicas);
        var projects = replicas.Select(replica => replica.ProjectId).Distinct().ToArray();
        Folder.Write("projects.txt", string.Concat(Truth.Select(account => account.ProjectId).Concat(projects).Select(id => id + "\n")));

        var round = await RoundAsync(Configuration with { Projects = "source: file, file: projects.txt" });

        Assert.Equal((0, accounts.Length), (round.ExitCode, round.Report.Disagreeing));
        Assert.Equal(projects.Select(id => "AUTH_" + id).Order(), round.Disagreeing.Keys.Order());
        Figure.AssertSame(AllFigures.Concat(accounts.SelectMany(i => Chosen(i).Of(projects[i]).Figures)), round.Samples.Select(sample => sample.Figure));
        Assert.All(replicas, replica => Assert.Contains(
            $"{replica.Usage!.Containers} containers {replica.Usage.Objects} objects {replica.Usage.Bytes} B", round.Disagreeing[replica.Account], StringComparison.Ordinal));
    }

    private static MadeUsage UsageAt(int account, int place) => account >= Outvoted ? new MadeUsage(1, 10 - place, 1000 * (place + 1))
        : place == account % Replicas ? new MadeUsage(3, account % 2 == 0 ? 99 : 9, 100 + account)
        : new MadeUsage(3, 50, 100 + account);

    private static MadeUsage Chosen(int account) => account >= Outvoted ? UsageAt(account, 0) : new MadeUsage(3, 50, 100 + account);
}
