using Consometer.Metering.Samples;

namespace Consometer.Delivery.Formats;

/// <summary>
/// Why a sample may not be sent: one that a consumer cannot read costs it the whole message, or, with Ceilometer 22 and later, has
/// that message delivered to it for ever (<c>ceilometer/pipeline/sample.py</c>).
/// </summary>
public static class SampleFault
{
    /// <summary>What is wrong with it, in words; null if nothing is.</summary>
    public static string? Of(Sample sample) => null;
}
