using Consometer.Metering.Tasks;

namespace Consometer.Tests.Metering.Tasks;

public sealed class TaskPlanTests
{
    private const int AccountsMax = 4;

    public static TheoryData<int> Counts => [0, 1, 3, 4, 5, 8, 30, 101];

    [Theory]
    [MemberData(nameof(Counts))]
    public void Each_account_is_in_one_task_and_tasks_are_numbered_from_one(int count)
    {
        var tasks = Cut(Names(0, count), SomeRound.Of());

        Assert.Equal(Names(0, count).Order(), tasks.SelectMany(task => task.Accounts).Order());
        Assert.Equal(Enumerable.Range(1, (count + AccountsMax - 1) / AccountsMax), tasks.Select(task => task.Number));
        Assert.All(tasks, task => Assert.Equal(tasks.Length, task.Of));
        Assert.All(tasks.SkipLast(1), task => Assert.Equal(AccountsMax, task.Accounts.Count));
        Assert.All(tasks, task => Assert.InRange(task.Accounts.Count, 1, AccountsMax));
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void Where_another_stopped_the_rest_is_cut_as_it_would_have_been(int count)
    {
        var all = Cut(Names(0, count), SomeRound.Of());
        for (var published = 0; published <= all.Length; published++)
        {
            var rest = Cut(Names(0, count).Reverse(), SomeRound.Of(all[..published]));

            Assert.Equal(all[published..].Select(Text), rest.Select(Text));
        }
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void Where_projects_came_and_went_meanwhile_those_that_were_always_there_are_in_one_task(int count)
    {
        var random = new Random(count);
        var before = Names(0, count);
        var all = Cut(before, SomeRound.Of());
        for (var published = 0; published <= all.Length; published++)
        {
            string[] now = [.. before.Where(_ => random.Next(3) > 0), .. Names(count, random.Next(20))];
            RoundTask[] tasks = [.. all[..published], .. Cut(now, SomeRound.Of(all[..published]))];
            var accounts = tasks.SelectMany(task => task.Accounts).ToArray();

            Assert.Equal(Enumerable.Range(1, tasks.Length), tasks.Select(task => task.Number));
            Assert.Equal(accounts.Distinct(), accounts);
            Assert.Subset(accounts.ToHashSet(), before.Intersect(now).ToHashSet());
            Assert.Subset(before.Concat(now).ToHashSet(), accounts.ToHashSet());
        }
    }

    [Fact]
    public void A_task_says_of_its_own_orphans_when_they_were_listed_and_counts_the_others()
    {
        var names = Names(0, 10);
        var listed = names.Where((_, i) => i % 3 == 0).ToDictionary(name => name, _ => ManualClock.Start);
        var round = SomeRound.Of();
        var tasks = TaskPlan.Rest(SomeRound.Task(0) with { LastListed = listed }, names, round, AccountsMax).ToArray();
        Array.ForEach(tasks, task => round.Take(JournalEntry.Of(task)));

        Assert.Equal(listed.Keys.Order(), tasks.SelectMany(task => task.LastListed.Keys).Order());
        Assert.All(tasks, task => Assert.Subset(task.Accounts.ToHashSet(), task.LastListed.Keys.ToHashSet()));
        Assert.Equal(names.Length - listed.Count, round.Accounts);
    }

    private static string[] Names(int first, int count) => [.. Enumerable.Range(first, count).Select(i => $"AUTH_{i:d5}")];

    private static RoundTask[] Cut(IEnumerable<string> accounts, SharedRound round) => [.. TaskPlan.Rest(SomeRound.Task(0), accounts, round, AccountsMax)];

    private static string Text(RoundTask task) => $"{task.Number} of {task.Of}: {string.Join(' ', task.Accounts)}";
}
