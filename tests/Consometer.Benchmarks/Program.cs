using System.Text.Json;
using System.Text.Json.Nodes;
using Consometer.Benchmarks;
using Consometer.Benchmarks.Delivery;
using Consometer.Benchmarks.Lab;
using Consometer.Benchmarks.Load;
using Consometer.Benchmarks.Requests;
using Consometer.Benchmarks.Ring;
using Consometer.Benchmarks.Slow;
using Consometer.Benchmarks.Start;
using Consometer.Benchmarks.Tasks;

// Usage: Consometer.Benchmarks [NAME]… - all benchmarks if none is named.
// A benchmark prints its table and gives back its figures, or null where it cannot run.
switch (args)
{
    // Not for people: benchmarks start this program for a process that has done nothing else.
    case [RingLoad.Name, var ring]:
        RingLoad.Print(ring);
        return 0;
    case [LogReading.Name, var log]:
        LogReading.Print(log);
        return 0;
    case [BareLoop.Name, var requests]:
        await BareLoop.RunAsync(requests);
        return 0;
}

var benchmarks = new Dictionary<string, Func<Task<JsonNode?>>>
{
    ["delivery"] = DeliveryBenchmark.RunAsync,
    ["lab"] = LabBenchmark.RunAsync,
    ["load"] = LoadBenchmark.RunAsync,
    ["requests"] = RequestsBenchmark.RunAsync,
    ["ring"] = RingBenchmark.RunAsync,
    ["shared"] = TasksBenchmark.RunAsync,
    ["slow"] = SlowNodeBenchmark.RunAsync,
    ["start"] = StartBenchmark.RunAsync,
};

if (args.FirstOrDefault(name => !benchmarks.ContainsKey(name)) is { } wrong)
{
    await Console.Error.WriteLineAsync($"wanted benchmarks of {string.Join(", ", benchmarks.Keys)}, found {wrong}");
    return 2;
}

foreach (var name in args.Length > 0 ? args.Distinct() : benchmarks.Keys)
{
    try
    {
        if (await benchmarks[name]() is { } figures)
        {
            var file = new JsonObject { ["processors"] = Environment.ProcessorCount, [name] = figures };
            await File.WriteAllTextAsync(Path.Combine(Artifacts.Folder, $"{name}.json"), file.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
        }
    }
    catch (Exception e) when (e is InvalidOperationException or TimeoutException)
    {
        await Console.Error.WriteLineAsync($"{name}: {e.Message.Trim()}");
        return 1;
    }
}

return 0;
