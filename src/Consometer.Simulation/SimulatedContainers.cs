using System.Globalization;

namespace Consometer.Simulation;

/// <summary>A container as its account lists it.</summary>
public sealed record SimulatedContainer(string Name, string Policy, long Objects, long Bytes);

/// <summary>
/// The containers of an account, in the order of their names: as many, with as many objects and bytes in each policy, as the
/// account's usage says. Each is drawn when it is looked at, from its number alone, so that a million of them take no memory.
/// </summary>
/// <param name="usage">What the account holds.</param>
/// <param name="key">What the containers are drawn from: one for each account, of the cluster's hash, and so of its seed.</param>
internal sealed class SimulatedContainers(SimulatedUsage usage, ulong key)
{
    public long Count => usage.Containers;

    /// <summary>The containers after a name, or all if it is empty.</summary>
    public IEnumerable<SimulatedContainer> After(string marker)
    {
        for (var number = FirstAfter(marker); number < Count; number++)
        {
            yield return At(number);
        }
    }

    /// <summary>By halves: names ascend with their numbers.</summary>
    private long FirstAfter(string marker)
    {
        var (first, end) = (0L, Count);
        while (first < end)
        {
            var middle = first + ((end - first) / 2);

            // Ordinal in UTF-16 is the order of UTF-8 here: no name has a character of U+D800 or above.
            (first, end) = string.CompareOrdinal(Name(middle), marker) > 0 ? (first, middle) : (middle + 1, end);
        }

        return first;
    }

    private SimulatedContainer At(long number)
    {
        var inPolicy = number;
        foreach (var policy in usage.Policies)
        {
            if (inPolicy < policy.Containers)
            {
                var (first, end) = (ObjectsBefore(policy, inPolicy), ObjectsBefore(policy, inPolicy + 1));
                return new SimulatedContainer(Name(number), policy.Policy, end - first, BytesBefore(policy, end) - BytesBefore(policy, first));
            }

            inPolicy -= policy.Containers;
        }

        throw new ArgumentOutOfRangeException(nameof(number));
    }

    /// <summary>As many digits for each, so that names ascend; and after them, now and then, what JSON or a URL must escape.</summary>
    private static string Name(long number)
    {
        var end = (number % 5) switch
        {
            1 => "-büro ☃",
            3 => "+a&b=100%",
            _ => "",
        };
        return string.Create(CultureInfo.InvariantCulture, $"c{number:D9}{end}");
    }

    /// <summary>Objects in the policy's containers before this one.</summary>
    private long ObjectsBefore(SimulatedPolicyUsage policy, long container) => Cut(policy.Objects, policy.Containers, container);

    /// <summary>Bytes in the policy's objects before this one: a container without objects has none.</summary>
    private long BytesBefore(SimulatedPolicyUsage policy, long @object) => policy.Objects == 0 ? 0 : Cut(policy.Bytes, policy.Objects, @object);

    /// <summary>
    /// Where the cut before a part lies when a whole is cut into parts: on from the even cut by less than an even part, so that
    /// cuts never cross and the parts add up to the whole.
    /// </summary>
    private long Cut(long whole, long parts, long part)
    {
        if (part == 0 || part == parts)
        {
            return part == 0 ? 0 : whole;
        }

        var even = (long)((Int128)whole * part / parts);
        var drawn = SeededNumbers.Of(key + (ulong)part);
        return even + (long)Math.BigMul(drawn, (ulong)(whole / parts) + 1, out _);
    }
}
