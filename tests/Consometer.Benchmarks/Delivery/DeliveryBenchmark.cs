using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Consometer.Delivery.Formats;
using Consometer.Delivery.Publishing;
using Consometer.Scenarios.Running;

namespace Consometer.Benchmarks.Delivery;

/// <summary>A million samples into the outbox and out to RabbitMQ, confirmed, against loops that only publish the same bodies.</summary>
internal static class DeliveryBenchmark
{
    private const int CannotRunHere = 77;
    private const int Repetitions = 3;

    /// <summary>The lab's broker.</summary>
    private static readonly BrokerOptions Broker = new()
    {
        Hosts = [new BrokerHost("127.0.0.1", 5673)],
        User = "admin",
        Password = "adminpass",
        VirtualHost = "/",
        Tls = null,
        Heartbeat = TimeSpan.FromSeconds(30),
        Window = 128,
    };

    public static async Task<JsonNode?> RunAsync()
    {
        var up = await Programs.LabAsync("rabbit", "up");
        if (up.ExitCode == CannotRunHere)
        {
            Console.WriteLine($"delivery: not run: {up.Errors.Trim()}");
            return null;
        }

        up.Succeeded();
        var figures = new JsonObject();
        foreach (IMessageFormat format in new IMessageFormat[] { new ConsometerFormat(), new CeilometerFormat("change this for valid signing", TimeProvider.System) })
        {
            figures[format.Name] = await MeasureAsync(format);
        }

        return figures;
    }

    private static async Task<JsonObject> MeasureAsync(IMessageFormat format)
    {
        var publication = new Publication(format, format.DefaultBatchSize, new Destination("bench", "bench", "bench", new Durability(Exchange: false, Queue: true)));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"delivery: {MadeSamples.Count} samples, format {format.Name}, {publication.BatchSize} in a message, {Broker.Window} unconfirmed"));
        Console.WriteLine(DeliveryRepetition.Header);
        var repetitions = new List<DeliveryRepetition>();
        for (var i = 0; i < Repetitions; i++)
        {
            repetitions.Add(await DeliveryRepetition.MeasureAsync(Broker, publication));
            Console.WriteLine(repetitions[^1].Row($"{i + 1}"));
        }

        var median = DeliveryRepetition.Median(repetitions);
        Console.WriteLine(median.Row("median"));
        return new JsonObject
        {
            ["samples"] = MadeSamples.Count,
            ["repetitions"] = JsonSerializer.SerializeToNode(repetitions),
            ["median"] = JsonSerializer.SerializeToNode(median),
        };
    }
}
