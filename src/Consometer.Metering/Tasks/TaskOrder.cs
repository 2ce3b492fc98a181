namespace Consometer.Metering.Tasks;

/// <summary>
/// The order in which a round's accounts are dealt into tasks: the same for whoever coordinates it, so that a new coordinator goes on where
/// the one before it stopped. Mixed, and otherwise in every round: a task has its share of accounts that are large, or were never made, and
/// the last task is another's.
/// </summary>
public sealed class TaskOrder(RoundTime time) : IComparer<string>
{
    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;

    /// <summary>Accounts in order.</summary>
    /// <param name="accounts">The accounts, each once.</param>
    /// <param name="after">The account after which they begin; null for all.</param>
    public string[] Sort(IEnumerable<string> accounts, string? after)
    {
        string[] names = [.. after is null ? accounts : accounts.Where(account => Compare(account, after) > 0)];
        var keys = Array.ConvertAll(names, name => (KeyOf(name), name));
        Array.Sort(keys, names, Comparer<(ulong Key, string Name)>.Create(Compare));
        return names;
    }

    /// <summary>Which of two accounts comes first.</summary>
    public int Compare(string? x, string? y) => Compare((KeyOf(x!), x!), (KeyOf(y!), y!));

    private static int Compare((ulong Key, string Name) x, (ulong Key, string Name) y) =>
        x.Key != y.Key ? x.Key.CompareTo(y.Key) : string.CompareOrdinal(x.Name, y.Name);

    /// <summary>FNV-1a over time and name, and its bits mixed (splitmix64's finalizer), since names differ little.</summary>
    internal ulong KeyOf(string account)
    {
        var key = FnvOffset ^ (ulong)time.Start.ToUnixTimeSeconds();
        foreach (var character in account)
        {
            key = unchecked((key ^ character) * FnvPrime);
        }

        key = unchecked((key ^ (key >> 30)) * 0xbf58476d1ce4e5b9);
        key = unchecked((key ^ (key >> 27)) * 0x94d049bb133111eb);
        return key ^ (key >> 31);
    }
}
