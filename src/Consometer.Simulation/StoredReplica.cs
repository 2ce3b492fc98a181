using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace Consometer.Simulation;

/// <summary>A usage as answers tell it, its headers spelt once. Shared by all replicas that hold it.</summary>
internal sealed class StoredUsage
{
    /// <summary>Spelt once per policy, not once per account: there are a handful of policies and perhaps a million accounts.</summary>
    private static readonly ConcurrentDictionary<string, (string Containers, string Objects, string Bytes)> PolicyNames = new();

    private StoredUsage(KeyValuePair<string, StringValues>[] headers, SimulatedContainers containers)
    {
        Headers = headers;
        Containers = containers;
    }

    public KeyValuePair<string, StringValues>[] Headers { get; }

    public SimulatedContainers Containers { get; }

    /// <param name="usage">What the account holds.</param>
    /// <param name="containers">Its containers.</param>
    /// <param name="putTimestamp">When the account was last PUT, as Swift writes it: the same on all replicas.</param>
    public static StoredUsage Of(SimulatedUsage usage, SimulatedContainers containers, string putTimestamp)
    {
        var headers = new List<KeyValuePair<string, StringValues>>(4 + (3 * usage.Policies.Count))
        {
            Number("X-Account-Container-Count", usage.Containers),
            Number("X-Account-Object-Count", usage.Objects),
            Number("X-Account-Bytes-Used", usage.Bytes),
            new("X-Put-Timestamp", putTimestamp),
        };
        foreach (var policy in usage.Policies)
        {
            var names = PolicyNames.GetOrAdd(policy.Policy, NamesOf);
            headers.Add(Number(names.Containers, policy.Containers));
            headers.Add(Number(names.Objects, policy.Objects));
            headers.Add(Number(names.Bytes, policy.Bytes));
        }

        return new StoredUsage([.. headers], containers);
    }

    private static (string Containers, string Objects, string Bytes) NamesOf(string policy)
    {
        var prefix = "X-Account-Storage-Policy-" + Title(policy);
        return (prefix + "-Container-Count", prefix + "-Object-Count", prefix + "-Bytes-Used");
    }

    private static KeyValuePair<string, StringValues> Number(string name, long value) =>
        new(name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>
    /// Python's <c>title()</c>, which Swift's HeaderKeyDict puts header names through: a capital after whatever is no letter.
    /// </summary>
    private static string Title(string name)
    {
        var title = new StringBuilder(name.Length);
        foreach (var letter in name)
        {
            var first = title.Length == 0 || !char.IsAsciiLetter(title[^1]);
            title.Append(first ? char.ToUpperInvariant(letter) : char.ToLowerInvariant(letter));
        }

        return title.ToString();
    }
}

/// <summary>One replica of an account: a database on one device.</summary>
/// <param name="Partition">The partition in whose folder the database lies, in decimal: another one in the path does not find it.</param>
/// <param name="Timestamp">When this replica was created, as Swift writes it: differs between replicas.</param>
/// <param name="Usage">What it says the account holds; null if it says that the account is deleted.</param>
internal sealed record StoredReplica(string Partition, StringValues Timestamp, StoredUsage? Usage);
