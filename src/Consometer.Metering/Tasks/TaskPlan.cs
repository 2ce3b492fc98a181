namespace Consometer.Metering.Tasks;

/// <summary>Cuts a round's accounts into tasks.</summary>
public static class TaskPlan
{
    /// <summary>The tasks that are not published yet. Each account is in one of them, or in one that is.</summary>
    /// <param name="template">A task, but for number and accounts.</param>
    /// <param name="accounts">All accounts of the round, in any order.</param>
    /// <param name="round">What is published of it.</param>
    /// <param name="accountsMax">Accounts in a task at most.</param>
    public static IEnumerable<RoundTask> Rest(RoundTask template, IEnumerable<string> accounts, SharedRound round, int accountsMax)
    {
        var names = new TaskOrder(template.Round.Time).Sort(accounts, round.LastAccount);
        var before = round.Tasks;
        var of = before + ((names.Length + accountsMax - 1) / accountsMax);
        for (var first = 0; first < names.Length; first += accountsMax)
        {
            var some = new ArraySegment<string>(names, first, Math.Min(accountsMax, names.Length - first));
            yield return template with
            {
                Number = before + (first / accountsMax) + 1,
                Of = of,
                Accounts = some,
                LastListed = template.LastListed.Count == 0 ? template.LastListed : some.Where(template.LastListed.ContainsKey).ToDictionary(name => name, name => template.LastListed[name]),
            };
        }
    }
}
