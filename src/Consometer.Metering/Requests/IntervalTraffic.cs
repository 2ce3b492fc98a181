using Consometer.Metering.Samples;

namespace Consometer.Metering.Requests;

/// <summary>The figures of an account or of a container in an interval.</summary>
public sealed class Traffic
{
    private readonly long[] _figures = new long[RequestMeters.Count];

    internal Traffic(Account account)
    {
        Account = account;
        Owner = this;
    }

    internal Traffic(Traffic owner, string container)
    {
        Account = owner.Account;
        Owner = owner;
        Container = container;
    }

    /// <summary>The account.</summary>
    public Account Account { get; }

    /// <summary>The container; null of the account's own figures, and of those containers that are not held apart.</summary>
    public string? Container { get; }

    /// <summary>Those of the account itself.</summary>
    internal Traffic Owner { get; }

    /// <summary>The figures, by <see cref="RequestMeter.Figure"/>.</summary>
    public ReadOnlySpan<long> Figures => _figures;

    /// <summary>Whether it has changed since it was stored.</summary>
    internal bool IsChanged { get; set; }

    internal void Add(int figure, long volume) => _figures[figure] += volume;
}

/// <summary>What was counted of one interval.</summary>
/// <param name="time">The interval.</param>
/// <param name="prefixes">What makes accounts of projects.</param>
public sealed class IntervalTraffic(RoundTime time, ResellerPrefixes prefixes)
{
    private readonly Dictionary<string, Traffic> _accounts = new(StringComparer.Ordinal);
    private readonly Dictionary<(Traffic Owner, string Container), Traffic> _containers = [];

    /// <summary>By the paths of the log, which are many times as many lines: a name is made of one once.</summary>
    private readonly Dictionary<byte[], Traffic> _byPath = new(Bytes.Comparer);

    private readonly List<Traffic> _all = [];
    private readonly List<Traffic> _changed = [];

    /// <summary>The interval.</summary>
    public RoundTime Time { get; } = time;

    /// <summary>All accounts and containers with a figure.</summary>
    public IReadOnlyCollection<Traffic> All => _all;

    /// <summary>What has changed since <see cref="Stored"/>.</summary>
    public IReadOnlyList<Traffic> Changed => _changed;

    /// <summary>How many containers it has.</summary>
    internal int Containers => _containers.Count;

    /// <summary>What has changed is stored.</summary>
    public void Stored()
    {
        _changed.ForEach(traffic => traffic.IsChanged = false);
        _changed.Clear();
    }

    /// <summary>The samples of the meters that are on: none of nothing.</summary>
    /// <param name="traffic">Of whom.</param>
    /// <param name="meters">The meters that are on.</param>
    /// <param name="region">The region of the cluster.</param>
    /// <param name="origin">Who counted: see <see cref="Sample.Origin"/>.</param>
    public IEnumerable<Sample> SamplesOf(Traffic traffic, IReadOnlyList<RequestMeter> meters, string region, string origin)
    {
        var resource = traffic.Container is null ? traffic.Account.ResourceId : $"{traffic.Account.ResourceId}/{traffic.Container}";
        return meters.Where(meter => traffic.Figures[meter.Figure] > 0)
            .Select(meter => new Sample(meter, traffic.Figures[meter.Figure], resource, traffic.Account.ProjectId, region, Time) { Origin = origin });
    }

    /// <summary>Puts back what was stored of it: what was counted stays, even if no prefix makes such an account any more.</summary>
    /// <param name="account">The account's name.</param>
    /// <param name="container">The container; null for the account's own.</param>
    /// <param name="meter">A meter's name.</param>
    /// <param name="volume">So much was counted.</param>
    public void Restore(string account, string? container, string meter, long volume)
    {
        var owner = Find(account) ?? Make(new Account(account, account, account));
        (container is null ? owner : Find(owner, container, int.MaxValue)).Add(RequestMeters.All.Single(each => each.Name == meter).Figure, volume);
    }

    /// <summary>The account or the container of a path of Swift's.</summary>
    /// <param name="account">The account's name, as it stands in the path.</param>
    /// <param name="accountAndContainer">Both, as they stand there.</param>
    /// <param name="containersMax">How many containers it may have then; one more is its account.</param>
    internal Traffic? Find(ReadOnlySpan<byte> account, ReadOnlySpan<byte> accountAndContainer, int containersMax)
    {
        var byPath = _byPath.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (byPath.TryGetValue(accountAndContainer, out var found))
        {
            return found;
        }

        if (Find(account) is not { } owner)
        {
            return null;
        }

        found = Find(owner, LoggedPath.ContainerOf(LoggedPath.NameOf(accountAndContainer[(account.Length + 1)..])), containersMax);
        if (found != owner)
        {
            byPath[accountAndContainer] = found;
        }

        return found;
    }

    /// <summary>The account of a path of Swift's; null if it is nobody's.</summary>
    internal Traffic? Find(ReadOnlySpan<byte> account)
    {
        var byPath = _byPath.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (!byPath.TryGetValue(account, out var found))
        {
            found = Find(LoggedPath.NameOf(account));
            if (found is not null)
            {
                byPath[account] = found;
            }
        }

        return found;
    }

    /// <summary>An account; null if it is nobody's.</summary>
    internal Traffic? Find(string account) =>
        _accounts.TryGetValue(account, out var found) ? found : prefixes.Find(account) is { } metered ? Make(metered) : null;

    /// <summary>A container of an account, or the account where there are too many.</summary>
    /// <param name="owner">The account.</param>
    /// <param name="container">The container's name.</param>
    /// <param name="containersMax">How many containers there may be then.</param>
    internal Traffic Find(Traffic owner, string container, int containersMax)
    {
        if (!_containers.TryGetValue((owner, container), out var found))
        {
            if (_containers.Count >= containersMax)
            {
                return owner;
            }

            found = new Traffic(owner, container);
            _containers.Add((owner, container), found);
            _all.Add(found);
        }

        return found;
    }

    internal void Add(Traffic traffic, int figure, long volume)
    {
        traffic.Add(figure, volume);
        if (volume != 0 && !traffic.IsChanged)
        {
            traffic.IsChanged = true;
            _changed.Add(traffic);
        }
    }

    private Traffic Make(Account account)
    {
        var made = new Traffic(account);
        _accounts.Add(account.Name, made);
        _all.Add(made);
        return made;
    }
}
