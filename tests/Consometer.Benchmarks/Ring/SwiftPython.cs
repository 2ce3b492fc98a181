using System.Globalization;
using Consometer.Scenarios.Running;

namespace Consometer.Benchmarks.Ring;

/// <summary>Debian's Swift in a fresh Python each time, which takes the times itself: its start is not in them.</summary>
internal static class SwiftPython
{
    private const string Begin = """
        import array, json, os, random, sys, time
        from swift.common import utils
        from swift.common.ring.ring import Ring, RingData
        utils.HASH_PATH_PREFIX, utils.HASH_PATH_SUFFIX = b'lab-prefix', b'lab-suffix'

        """;

    private const string Make = """
        directory, power, replicas, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
        rnd = random.Random(1)
        devices = [dict(id=i, region=1 + i % 2, zone=1 + i // 2 % 5, ip='10.%d.%d.%d' % (1 + i % 2, 1 + i // 2 % 5, 1 + i // 10 % 10), port=6202,
                        device='sd%d' % i, weight=100.0, replication_ip='10.9.9.9', replication_port=6202, meta='') for i in range(count)]
        rows = [array.array('H', rnd.choices(range(count), k=1 << power)) for _ in range(replicas)]
        os.chdir(directory)  # Swift's save puts its temporary file beside a bare name only.
        RingData(rows, devices, 32 - power, version=1).save('account.ring.gz')
        with open('accounts', 'w') as file:
            file.writelines('AUTH_%032x\n' % rnd.getrandbits(128) for _ in range(200000))
        """;

    private const string Load = """
        start = time.perf_counter()
        ring = Ring(sys.argv[1], ring_name='account')
        print(time.perf_counter() - start)
        """;

    private const string GetNodes = """
        ring = Ring(sys.argv[1], ring_name='account')
        names = open(os.path.join(sys.argv[1], 'accounts')).read().split()
        start = time.perf_counter()
        for name in names:
            ring.get_nodes(name)
        print(len(names) / (time.perf_counter() - start))
        """;

    /// <summary>Writes account.ring.gz, with a device at random for every replica, and accounts, 200,000 names.</summary>
    public static Task MakeRingAsync(string folder, int partPower, int replicas, int devices) => RunAsync(Make, folder, partPower, replicas, devices);

    /// <summary>Seconds to read the ring.</summary>
    public static async Task<double> LoadAsync(string folder) => Number(await RunAsync(Load, folder));

    /// <summary>Accounts looked up in a second.</summary>
    public static async Task<double> GetNodesAsync(string folder) => Number(await RunAsync(GetNodes, folder));

    private static double Number(ProgramRun run) => double.Parse(run.Output, CultureInfo.InvariantCulture);

    private static async Task<ProgramRun> RunAsync(string script, string folder, params int[] numbers)
    {
        // -E: a PYTHONPATH of another Python must not reach it.
        var run = await Programs.OtherAsync(
            "/usr/bin/python3", ["-E", "-c", Begin + script, folder, .. numbers.Select(number => number.ToString(CultureInfo.InvariantCulture))]);
        return run.Succeeded();
    }
}
