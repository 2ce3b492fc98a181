using System.Globalization;
using System.Text.Json.Nodes;
using Consometer.Rings;
using Consometer.Scenarios.Running;

namespace Consometer.Benchmarks.Ring;

/// <summary>Reading a large ring and looking accounts up in it, against the Python that Swift does it with.</summary>
internal static class RingBenchmark
{
    private const int CannotRunHere = 77;
    private const int PartPower = 20;
    private const int Replicas = 3;
    private const int Devices = 1000;
    private const int Repetitions = 5;
    private const long TableBytes = ((long)Replicas << PartPower) * sizeof(ushort);

    public static async Task<JsonNode?> RunAsync()
    {
        var install = await Programs.LabAsync("install");
        if (install.ExitCode == CannotRunHere)
        {
            Console.WriteLine($"ring: not run: {install.Errors.Trim()}");
            return null;
        }

        install.Succeeded();
        using var folder = new ConfigurationFolder();
        await SwiftPython.MakeRingAsync(folder.Path, PartPower, Replicas, Devices);
        Console.WriteLine($"ring: {1 << PartPower} partitions, {Replicas} replicas, {Devices} devices; a table of {TableBytes} bytes");
        return new JsonObject
        {
            ["load"] = await LoadAsync(folder.Path),
            ["lookup"] = await LookupAsync(folder.Path),
            ["md5_nanoseconds"] = MeasureMd5(folder.Path),
        };
    }

    /// <summary>In turn, so that what else the machine does weighs on both.</summary>
    private static async Task<JsonObject> LoadAsync(string folder)
    {
        Console.WriteLine("  load          Python s       ours s        ratio       warm s   kept/table");
        var python = new List<double>();
        var ours = new List<RingLoad>();
        for (var i = 0; i < Repetitions; i++)
        {
            python.Add(await SwiftPython.LoadAsync(folder));
            ours.Add(await RingLoad.MeasureAsync(RingIn(folder)));
            PrintLoad($"{i + 1}", python[i], ours[i]);
        }

        var median = new RingLoad(Median(ours.Select(one => one.Seconds)), Median(ours.Select(one => one.WarmSeconds)), ours.Max(one => one.KeptBytes));
        PrintLoad("median", Median(python), median);
        return new JsonObject
        {
            ["python_seconds"] = Median(python),
            ["seconds"] = median.Seconds,
            ["ratio"] = median.Seconds / Median(python),
            ["warm_seconds"] = median.WarmSeconds,
            ["table_bytes"] = TableBytes,
            ["kept_bytes"] = median.KeptBytes,
        };
    }

    private static async Task<JsonObject> LookupAsync(string folder)
    {
        Console.WriteLine("  lookup        Python/s       ours/s        ratio   bytes/call");
        var ring = RingFile.Load(RingIn(folder)).Table;
        var accounts = AccountsIn(folder);
        var python = new List<double>();
        var ours = new List<HotLoop>();
        for (var i = 0; i < Repetitions; i++)
        {
            python.Add(await SwiftPython.GetNodesAsync(folder));
            ours.Add(AccountLookup.Measure(ring, accounts));
            PrintLookup($"{i + 1}", python[i], ours[i]);
        }

        var median = new HotLoop(Median(ours.Select(one => one.CallsPerSecond)), ours.Max(one => one.BytesPerCall));
        PrintLookup("median", Median(python), median);
        return new JsonObject
        {
            ["python_per_second"] = Median(python),
            ["per_second"] = median.CallsPerSecond,
            ["ratio"] = median.CallsPerSecond / Median(python),
            ["bytes_per_call"] = median.BytesPerCall,
        };
    }

    private static JsonObject MeasureMd5(string folder)
    {
        var figures = new JsonObject();
        Console.WriteLine("  md5                     ns   bytes/call");
        foreach (var (way, loop) in AccountLookup.MeasureMd5(AccountsIn(folder)))
        {
            Console.WriteLine(Line($"  {way,-18} {loop.NanosecondsPerCall,7:0} {loop.BytesPerCall,12:0.0}"));
            figures[way] = loop.NanosecondsPerCall;
        }

        return figures;
    }

    private static void PrintLoad(string name, double python, RingLoad ours) => Console.WriteLine(Line(
        $"  {name,-8} {python,13:0.000} {ours.Seconds,12:0.000} {ours.Seconds / python,12:0.00} {ours.WarmSeconds,12:0.000} {(double)ours.KeptBytes / TableBytes,12:0.00}"));

    private static void PrintLookup(string name, double python, HotLoop ours) => Console.WriteLine(Line(
        $"  {name,-8} {python,13:0} {ours.CallsPerSecond,12:0} {ours.CallsPerSecond / python,12:0.0} {ours.BytesPerCall,12:0.0}"));

    private static string RingIn(string folder) => Path.Combine(folder, "account.ring.gz");

    private static string[] AccountsIn(string folder) => File.ReadAllLines(Path.Combine(folder, "accounts"));

    private static double Median(IEnumerable<double> figures) => figures.Order().ElementAt(Repetitions / 2);

    private static string Line(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);
}
