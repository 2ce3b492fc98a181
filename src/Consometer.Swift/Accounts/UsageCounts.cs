using System.Globalization;

namespace Consometer.Swift.Accounts;

/// <summary>Gathers the counts of one answer from its headers (<c>swift/account/utils.py</c>, <c>get_response_headers</c>), then those of the next.</summary>
/// <param name="policies">The names that storage policies have.</param>
internal sealed class UsageCounts(PolicyNames policies)
{
    private const string Account = "X-Account";
    private const string PolicyPrefix = "X-Account-Storage-Policy-";
    private const string Containers = "-Container-Count";
    private const string Objects = "-Object-Count";
    private const string Bytes = "-Bytes-Used";

    private readonly Counts _account = new();

    /// <summary>Those met, and behind them those of answers before, which are used again.</summary>
    private readonly List<Counts> _policies = [];
    private int _policiesMet;

    /// <summary>Begins another answer.</summary>
    public void Clear()
    {
        _account.Begin(Account);
        _policiesMet = 0;
    }

    /// <summary>Takes a header in; one that is no count is passed over.</summary>
    /// <returns>False if its value is no count, or its count is there already: a negative one is a database gone astray, not a figure.</returns>
    public bool TryTake(ReadOnlySpan<char> header, ReadOnlySpan<char> value)
    {
        if (!header.StartsWith(Account, StringComparison.OrdinalIgnoreCase)
            || SuffixOf(header) is not { } suffix || CountsOf(header[..^suffix.Length]) is not { } counts)
        {
            return true;
        }

        ref var count = ref counts.Of(suffix);
        if (count is not null || !long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        count = number;
        return true;
    }

    /// <summary>The usage that the headers of a good answer give.</summary>
    /// <returns>Why there is none: <see cref="Unavailability.CountsMissing"/> or <see cref="Unavailability.MalformedAnswer"/>; null if there is one.</returns>
    public Unavailability? Read(out AccountUsage? usage)
    {
        usage = null;
        if (_account is not { Containers: { } containers, Objects: { } objects, Bytes: { } bytes })
        {
            return Unavailability.CountsMissing;
        }

        var policies = _policiesMet == 0 ? [] : new PolicyUsage[_policiesMet];
        for (var i = 0; i < policies.Length; i++)
        {
            if (_policies[i] is not { Objects: { } policyObjects, Bytes: { } policyBytes } policy)
            {
                return Unavailability.MalformedAnswer;
            }

            policies[i] = new PolicyUsage(policy.Name, policy.Containers, policyObjects, policyBytes);
        }

        usage = new AccountUsage(containers, objects, bytes) { Policies = policies };
        return null;
    }

    /// <summary>Which count a header is, told from its end: a policy's name may hold such words too.</summary>
    private static string? SuffixOf(ReadOnlySpan<char> header) =>
        header.EndsWith(Containers, StringComparison.OrdinalIgnoreCase) ? Containers
        : header.EndsWith(Objects, StringComparison.OrdinalIgnoreCase) ? Objects
        : header.EndsWith(Bytes, StringComparison.OrdinalIgnoreCase) ? Bytes
        : null;

    /// <summary>Whose count a header is, by what is before that; null if neither the account's nor a policy's.</summary>
    private Counts? CountsOf(ReadOnlySpan<char> owner)
    {
        if (owner.Length == Account.Length)
        {
            return _account;
        }

        if (!owner.StartsWith(PolicyPrefix, StringComparison.OrdinalIgnoreCase) || owner.Length == PolicyPrefix.Length)
        {
            return null;
        }

        var name = owner[PolicyPrefix.Length..];
        for (var i = 0; i < _policiesMet; i++)
        {
            if (name.Equals(_policies[i].Name, StringComparison.OrdinalIgnoreCase))
            {
                return _policies[i];
            }
        }

        if (_policiesMet == _policies.Count)
        {
            _policies.Add(new Counts());
        }

        var added = _policies[_policiesMet++];
        added.Begin(policies.Of(name));
        return added;
    }

    /// <summary>The counts of an account or a policy, as far as they were met.</summary>
    private sealed class Counts
    {
        private long? _containers;
        private long? _objects;
        private long? _bytes;

        public string Name { get; private set; } = "";

        public long? Containers => _containers;

        public long? Objects => _objects;

        public long? Bytes => _bytes;

        public void Begin(string name)
        {
            Name = name;
            _containers = _objects = _bytes = null;
        }

        public ref long? Of(string suffix)
        {
            switch (suffix)
            {
                case UsageCounts.Containers:
                    return ref _containers;
                case UsageCounts.Objects:
                    return ref _objects;
                default:
                    return ref _bytes;
            }
        }
    }
}
