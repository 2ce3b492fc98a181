using System.Globalization;
using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Lab;

/// <summary>Where an account is, in Swift's own words.</summary>
/// <param name="Line">Account, partition, ids of primaries, ids of all handoffs: as <c>ring lookup --format tsv</c> has them.</param>
/// <param name="Ips">The addresses of the primaries, then of the handoffs.</param>
/// <param name="Primaries">How many of them are primaries.</param>
internal sealed record SwiftPlacement(string Line, string[] Ips, int Primaries)
{
    /// <summary>The nodes of the primaries, then of the handoffs.</summary>
    public int[] Nodes => [.. Ips.Select(ip => int.Parse(ip[(ip.LastIndexOf('.') + 1)..], CultureInfo.InvariantCulture))];

    public IEnumerable<int> PrimaryNodes => Nodes.Take(Primaries);

    /// <summary>The nodes whose word is needed before the account is known to be absent: of all primaries, then of as many handoffs.</summary>
    public IEnumerable<int> NodesAsked => Nodes.Take(2 * Primaries);

    private const string Script = """
        import sys
        from swift.common.ring import Ring
        ring = Ring('/etc/swift', ring_name='account')
        for account in sys.stdin.buffer.read().decode().split('\n')[:-1]:
            part, primaries = ring.get_nodes(account)
            handoffs = list(ring.get_more_nodes(part))
            ids = lambda nodes: ','.join(str(n['id']) for n in nodes)
            fields = account, str(part), ids(primaries), ids(handoffs), ','.join(n['ip'] for n in primaries + handoffs)
            sys.stdout.buffer.write('\t'.join(fields).encode() + b'\n')
        """;

    /// <summary>One call of Debian's Python, with Debian's Swift, for all accounts.</summary>
    public static async Task<SwiftPlacement[]> OfAsync(IEnumerable<string> accounts)
    {
        // -E: a PYTHONPATH of another Python must not reach it.
        var run = await Programs.OtherAsync("/usr/bin/python3", ["-E", "-c", Script], string.Concat(accounts.Select(account => account + "\n")));
        return [.. run.Succeeded().OutputLines.Select(Parse)];
    }

    private static SwiftPlacement Parse(string line)
    {
        var end = line.LastIndexOf('\t');
        return new SwiftPlacement(line[..end], line[(end + 1)..].Split(','), line.Split('\t')[2].Split(',').Length);
    }
}
