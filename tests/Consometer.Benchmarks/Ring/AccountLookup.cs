using System.Security.Cryptography;
using System.Text;
using Consometer.Rings;

namespace Consometer.Benchmarks.Ring;

/// <summary>What a lookup of an account takes us, and what the MD5 in it would take in each of the base library's ways.</summary>
internal static class AccountLookup
{
    private const string Prefix = "lab-prefix";
    private const string Suffix = "lab-suffix";

    /// <summary>As the metering does it: the hash, and the ids of the primaries.</summary>
    public static HotLoop Measure(RingTable ring, string[] accounts)
    {
        var hashPath = new HashPath(Prefix, Suffix);
        var ids = new int[ring.ReplicasMax];
        return HotLoop.Measure(accounts.Length, () =>
        {
            long sum = 0;
            foreach (var account in accounts)
            {
                var partition = hashPath.Hash(account).Partition(ring.Header.PartPower);
                sum += partition + ring.GetPrimaries(partition, ids) + ids[0];
            }

            return sum;
        });
    }

    /// <summary>The ways by name, over the bytes that are hashed for an account.</summary>
    public static IEnumerable<(string Way, HotLoop Loop)> MeasureMd5(string[] accounts)
    {
        var paths = accounts.Select(account => Encoding.UTF8.GetBytes($"{Prefix}/{account}{Suffix}")).ToArray();
        using var incremental = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        using var instance = MD5.Create();
        (string, Action<byte[], byte[]>)[] ways =
        [
            ("MD5.HashData", (path, digest) => MD5.HashData(path, digest)),
            ("IncrementalHash", (path, digest) =>
            {
                incremental.AppendData(path);
                incremental.GetHashAndReset(digest);
            }),
#pragma warning disable CA1850 // It is measured here to see whether that rule is right.
            ("MD5.TryComputeHash", (path, digest) => instance.TryComputeHash(path, digest, out _)),
#pragma warning restore CA1850
        ];
        foreach (var (name, hash) in ways)
        {
            yield return (name, HotLoop.Measure(paths.Length, () => HashAll(paths, hash)));
        }
    }

    private static long HashAll(byte[][] paths, Action<byte[], byte[]> hash)
    {
        var digest = new byte[MD5.HashSizeInBytes];
        long sum = 0;
        foreach (var path in paths)
        {
            hash(path, digest);
            sum += digest[0];
        }

        return sum;
    }
}
