using System.Text.Json;
using Consometer.Rings;

namespace Consometer.Tests.Rings;

/// <summary>Every ring of the fixtures against what Swift's own Ring says of 208 accounts: partition, primaries, handoffs.</summary>
public sealed class TruthTests
{
    public static TheoryData<string> Rings() =>
        [.. Directory.GetFiles(Fixtures.Find("rings"), "*.truth.tsv").Select(file => Path.GetFileName(file).Replace(".truth.tsv", "", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Rings))]
    public void Every_account_is_where_Swift_says(string name)
    {
        var hash = JsonDocument.Parse(File.ReadAllText(Fixtures.Find("rings", "hash.json"))).RootElement;
        var hashPath = new HashPath(hash.GetProperty("swift_hash_path_prefix").GetString()!, hash.GetProperty("swift_hash_path_suffix").GetString()!);
        var ring = RingFile.Load(Fixtures.Find("rings", $"{name}.ring.gz")).Table;
        var truth = File.ReadLines(Fixtures.Find("rings", $"{name}.truth.tsv")).Skip(1).ToArray();
        Assert.Equal(208, truth.Length);

        var located = truth.Select(line => line.Split('\t')[0]).Select(account =>
        {
            var placement = ring.Locate(hashPath.Hash(account));
            return $"{account}\t{placement.Partition}\t{Ids(placement.Primaries())}\t{Ids(placement.Handoffs())}";
        });

        Assert.Equal(truth, located);
    }

    private static string Ids(IEnumerable<Device> devices) => string.Join(',', devices.Select(device => device.Id));
}
