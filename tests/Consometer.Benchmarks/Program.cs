using System.Text.Json;
using System.Text.Json.Nodes;
using Consometer.Benchmarks.Delivery;
using Consometer.Benchmarks.Lab;
using Consometer.Benchmarks.Ring;
using Consometer.Scenarios.Running;

// Usage: Consometer.Benchmarks [NAME]… - all benchmarks if none is named.
// A benchmark prints its table and gives back its figures, or null where it cannot run.
if (args is [RingLoad.Name, var ring])
{
    // Not for people: the ring benchmark starts this program for a process that has loaded no ring yet.
    RingLoad.Print(ring);
    return 0;
}

var benchmarks = new Dictionary<string, Func<Task<JsonNode?>>>
{
    ["delivery"] = DeliveryBenchmark.RunAsync,
    ["lab"] = LabBenchmark.RunAsync,
    ["ring"] = RingBenchmark.RunAsync,
};

if (args.FirstOrDefault(name => !benchmarks.ContainsKey(name)) is { } wrong)
{
    await Console.Error.WriteLineAsync($"wanted benchmarks of {string.Join(", ", benchmarks.Keys)}, found {wrong}");
    return 2;
}

var figures = new JsonObject { ["processors"] = Environment.ProcessorCount };
foreach (var name in args.Length > 0 ? args.Distinct() : benchmarks.Keys)
{
    try
    {
        figures[name] = await benchmarks[name]();
    }
    catch (Exception e) when (e is InvalidOperationException or TimeoutException)
    {
        await Console.Error.WriteLineAsync($"{name}: {e.Message.Trim()}");
        return 1;
    }
}

var artifacts = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts"));
await File.WriteAllTextAsync(Path.Combine(artifacts.FullName, "bench.json"), figures.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
return 0;
