using Consometer.Metering.Samples;

namespace Consometer.Delivery.Formats;

/// <summary>How samples become the body of a message, as a consumer of one kind reads it.</summary>
public interface IMessageFormat
{
    /// <summary>Its name in the configuration and in the outbox.</summary>
    public string Name { get; }

    /// <summary>How many samples a message has at most where nothing else is configured.</summary>
    public int DefaultBatchSize { get; }

    /// <summary>A message's body. It is made once, and stored: every sending of it has the same bytes.</summary>
    /// <param name="samples">At least one; without a <see cref="SampleFault"/>.</param>
    public byte[] Encode(IReadOnlyList<Sample> samples);
}
