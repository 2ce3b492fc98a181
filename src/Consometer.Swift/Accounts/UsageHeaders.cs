using System.Collections.Frozen;
using System.Globalization;
using System.Net.Http.Headers;

namespace Consometer.Swift.Accounts;

/// <summary>Reads the counts in an answer's headers (<c>swift/account/utils.py</c>, <c>get_response_headers</c>).</summary>
/// <param name="policyNames">
/// The storage policies' names as in swift.conf. Swift capitalizes header names, so <c>gold</c> arrives as <c>Gold</c>; names are
/// unique in any case (<c>swift/common/storage_policy.py</c>).
/// </param>
internal sealed class UsageHeaders(IEnumerable<string> policyNames)
{
    private const string Account = "X-Account";
    private const string PolicyPrefix = "X-Account-Storage-Policy-";
    private const string Containers = "-Container-Count";
    private const string Objects = "-Object-Count";
    private const string Bytes = "-Bytes-Used";

    /// <summary>Looked up by the part of a header's name that is a policy's, without making a string of it.</summary>
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _policyNames =
        policyNames.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The usage that the headers of a good answer give.</summary>
    /// <param name="headers">The answer's headers, as they came.</param>
    /// <param name="usage">The usage; null if there is none.</param>
    /// <returns>Why there is none: <see cref="Unavailability.CountsMissing"/> or <see cref="Unavailability.MalformedAnswer"/>; null if there is one.</returns>
    public Unavailability? Read(HttpHeadersNonValidated headers, out AccountUsage? usage)
    {
        usage = null;
        var account = new Counts(Account);
        var policies = new List<Counts>();
        foreach (var (header, values) in headers)
        {
            if (SuffixOf(header) is { } suffix && CountsOf(header.AsSpan(..^suffix.Length), account, policies) is { } counts
                && !counts.TryTake(suffix, values))
            {
                return Unavailability.MalformedAnswer;
            }
        }

        if (account is not { Containers: { } containers, Objects: { } objects, Bytes: { } bytes })
        {
            return Unavailability.CountsMissing;
        }

        if (policies.Exists(policy => policy.Objects is null || policy.Bytes is null))
        {
            return Unavailability.MalformedAnswer;
        }

        usage = new AccountUsage(containers, objects, bytes)
        {
            Policies = policies.ConvertAll(policy => new PolicyUsage(policy.Name, policy.Containers, policy.Objects!.Value, policy.Bytes!.Value)),
        };
        return null;
    }

    /// <summary>Which count a header is, told from its end: a policy's name may hold such words too.</summary>
    private static string? SuffixOf(string header) =>
        header.EndsWith(Containers, StringComparison.OrdinalIgnoreCase) ? Containers
        : header.EndsWith(Objects, StringComparison.OrdinalIgnoreCase) ? Objects
        : header.EndsWith(Bytes, StringComparison.OrdinalIgnoreCase) ? Bytes
        : null;

    /// <summary>Whose count a header is, by what is before that; null if neither the account's nor a policy's.</summary>
    private Counts? CountsOf(ReadOnlySpan<char> owner, Counts account, List<Counts> policies)
    {
        if (owner.Equals(Account, StringComparison.OrdinalIgnoreCase))
        {
            return account;
        }

        if (!owner.StartsWith(PolicyPrefix, StringComparison.OrdinalIgnoreCase) || owner.Length == PolicyPrefix.Length)
        {
            return null;
        }

        var name = owner[PolicyPrefix.Length..];
        foreach (var policy in policies)
        {
            if (name.Equals(policy.Name, StringComparison.OrdinalIgnoreCase))
            {
                return policy;
            }
        }

        var added = new Counts(_policyNames.TryGetValue(name, out var known) ? known : name.ToString());
        policies.Add(added);
        return added;
    }

    /// <summary>The counts of an account or a policy, as far as they were met.</summary>
    private sealed class Counts(string name)
    {
        public string Name { get; } = name;

        public long? Containers { get; private set; }

        public long? Objects { get; private set; }

        public long? Bytes { get; private set; }

        /// <returns>False if it is no count, or several: a negative one is a database gone astray, not a figure.</returns>
        public bool TryTake(string suffix, HeaderStringValues values)
        {
            if (values.Count != 1 || !long.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            {
                return false;
            }

            switch (suffix)
            {
                case UsageHeaders.Containers:
                    Containers = count;
                    break;
                case UsageHeaders.Objects:
                    Objects = count;
                    break;
                default:
                    Bytes = count;
                    break;
            }

            return true;
        }
    }
}
