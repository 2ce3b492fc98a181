using Consometer.Scenarios.Running;
using Consometer.Scenarios.Samples;

namespace Consometer.Scenarios.Lab;

/// <summary>How Ceilometer's agent declares its exchange and queues.</summary>
public enum QueueKind
{
    /// <summary>Gone with the broker: its default.</summary>
    Transient,

    /// <summary>There again with the broker.</summary>
    Durable,

    /// <summary>As durable, and replicated.</summary>
    Quorum,
}

/// <summary>The lab's Ceilometer notification agent on a virtual host, until disposed. What it has not read then stays in its queue.</summary>
internal sealed class CeilometerAgent : IAsyncDisposable
{
    /// <summary>Its exchange.</summary>
    public const string Exchange = "ceilometer";

    /// <summary>The routing key of samples, and the queue from which it reads them.</summary>
    public const string SampleQueue = "notifications.sample";

    private static readonly string SamplesFile = Path.Combine(RealSwift.Folder, "agent/samples.json");

    private CeilometerAgent()
    {
    }

    /// <summary>The samples that it has accepted since it was started.</summary>
    public static ReceivedSample[] Samples
    {
        get
        {
            var text = File.ReadAllText(SamplesFile);
            var whole = text[..(text.LastIndexOf('\n') + 1)]; // The last line may be under way.
            return [.. whole.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(ReceivedSample.FromAgent)];
        }
    }

    /// <summary>When this ends it consumes. There is one of it: an earlier one ends.</summary>
    public static async Task<CeilometerAgent> StartAsync(VirtualHost host, QueueKind queues = QueueKind.Transient)
    {
        // Not ToLowerInvariant, which the analyzers take for a way to compare.
        var kind = queues switch { QueueKind.Durable => "durable", QueueKind.Quorum => "quorum", _ => "transient" };
        (await Programs.LabAsync("agent", "start", host.Name, kind)).Succeeded();
        return new CeilometerAgent();
    }

    public async ValueTask DisposeAsync() => (await Programs.LabAsync("agent", "stop")).Succeeded();
}
