using System.Buffers;
using Consometer.Metering.Samples;

namespace Consometer.Delivery.Formats;

/// <summary>
/// Messages as <c>swift-consometer</c> sent them, <c>{"args": {"data": […]}}</c>: for whoever reads those already. Fields, their order and
/// types are those of <c>fixtures/messages/seed-consometer.json</c>, the volume in quotes and <c>ressource_metadata</c> with two s among
/// them. Ceilometer's own agent drops such a message: for it there is <see cref="CeilometerFormat"/>.
/// </summary>
public sealed class ConsometerFormat : IMessageFormat
{
    /// <summary>More than most samples take; and a message of the usual size stays below what .NET puts on its heap of large objects.</summary>
    private const int SampleBytes = 400;

    /// <summary>What a message is written into before it is known how long it is: kept for the next one, which is about as long.</summary>
    private ArrayBufferWriter<byte>? _spare;

    /// <inheritdoc/>
    public string Name => "consometer";

    /// <summary>As many as <c>swift-consometer</c> put into a message.</summary>
    public int DefaultBatchSize => 200;

    /// <inheritdoc/>
    public byte[] Encode(IReadOnlyList<Sample> samples)
    {
        var body = Interlocked.Exchange(ref _spare, null) ?? new ArrayBufferWriter<byte>(samples.Count * SampleBytes);
        body.ResetWrittenCount();
        var written = new ConsometerSamples(body);
        body.Write("""{"args":{"data":["""u8);
        for (var i = 0; i < samples.Count; i++)
        {
            if (i > 0)
            {
                body.Write(","u8);
            }

            written.Write(samples[i]);
        }

        body.Write("]}}"u8);
        _spare = body;
        return body.WrittenSpan.ToArray();
    }
}
