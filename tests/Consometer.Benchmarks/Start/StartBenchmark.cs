using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Consometer.Rings;
using Consometer.Scenarios.Running;
using Consometer.Simulation;

namespace Consometer.Benchmarks.Start;

/// <summary>
/// How long the program of <c>./build.sh publish</c> takes over a ring of 2^20 partitions: from its start to the first request, as a listening
/// socket sees it, and to look one account up. Each in a fresh process, against one that only says its version.
/// </summary>
internal static class StartBenchmark
{
    private const int PartPower = 20;
    private const int Replicas = 3;
    private const int Devices = 1000;
    private const int Projects = 1000;
    private const int Repetitions = 7;
    private const int Seed = 1;

    public static async Task<JsonNode?> RunAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var folder = new ConfigurationFolder();
        Write(folder, ((IPEndPoint)listener.LocalEndpoint).Port);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"start: {1 << PartPower} partitions, {Replicas} replicas, {Devices} devices; ms from the start of a process"));
        Console.WriteLine("             version   first request     lookup");
        var (version, request, lookup) = (new List<double>(), new List<double>(), new List<double>());
        for (var i = 0; i < Repetitions; i++)
        {
            version.Add(await MeasureAsync("--version"));
            request.Add(await MeasureFirstRequestAsync(listener, folder));
            lookup.Add(await MeasureAsync("ring", "lookup", Path.Combine(folder.Path, "account.ring.gz"), "AUTH_5f0c", "--swift-conf", Path.Combine(folder.Path, "swift.conf")));
        }

        double Median(List<double> all) => all.Order().ElementAt(Repetitions / 2);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  median {Median(version),11:0} {Median(request),15:0} {Median(lookup),10:0}"));
        return new JsonObject
        {
            ["version_milliseconds"] = Median(version),
            ["first_request_milliseconds"] = Median(request),
            ["first_request_ratio"] = Median(request) / Median(version),
            ["lookup_milliseconds"] = Median(lookup),
            ["lookup_ratio"] = Median(lookup) / Median(version),
        };
    }

    /// <summary>Devices at random for every replica, all of them behind one server.</summary>
    private static void Write(ConfigurationFolder folder, int port)
    {
        const string Ip = "127.0.0.1";
        var random = new Random(Seed);
        ushort[][] rows = [.. Enumerable.Range(0, Replicas).Select(_ => Enumerable.Range(0, 1 << PartPower).Select(_ => (ushort)random.Next(Devices)).ToArray())];
        Device[] devices = [.. Enumerable.Range(0, Devices).Select(id => new Device(
            id, 1 + (id % 2), 1 + (id % 10), Ip, port, Ip, port, string.Create(CultureInfo.InvariantCulture, $"sd{id}"), 100, ""))];
        RingFileWriter.Write(Path.Combine(folder.Path, "account.ring.gz"), devices, rows, 32 - PartPower, builderVersion: 1);
        folder.Write("swift.conf", "[swift-hash]\nswift_hash_path_prefix = start\nswift_hash_path_suffix = start\n");
        folder.Write("projects", string.Concat(Enumerable.Range(0, Projects).Select(i => i.ToString("x32", CultureInfo.InvariantCulture) + "\n")));
        folder.Write(new LabConfiguration { RingDir = folder.Path, SwiftConf = Path.Combine(folder.Path, "swift.conf"), Projects = "source: file, file: projects" });
    }

    private static async Task<double> MeasureAsync(params string[] arguments)
    {
        var watch = Stopwatch.StartNew();
        (await Programs.OtherAsync(Artifacts.Program, arguments)).Succeeded();
        return watch.Elapsed.TotalMilliseconds;
    }

    private static async Task<double> MeasureFirstRequestAsync(TcpListener listener, ConfigurationFolder folder)
    {
        foreach (var file in Directory.GetFiles(folder.Path, LabConfiguration.StoreName + "*"))
        {
            File.Delete(file);
        }

        var watch = Stopwatch.StartNew();
        await using var program = RunningProgram.Start(Artifacts.Program, ["run", "--config", folder.Path]);
        using var connection = await listener.AcceptSocketAsync().WaitAsync(Programs.Deadline);
        await connection.ReceiveAsync(new byte[1], SocketFlags.None).WaitAsync(Programs.Deadline);
        var elapsed = watch.Elapsed.TotalMilliseconds;
        await program.KillAsync();
        while (listener.Pending())
        {
            (await listener.AcceptSocketAsync()).Dispose();
        }

        return elapsed;
    }
}
