using System.Buffers;
using System.Text;
using Consometer.Metering.Samples;

namespace Consometer.Delivery.Formats;

/// <summary>
/// Why a sample may not be sent: one that a consumer cannot read costs it the whole message, or, with Ceilometer 22 and later, has
/// that message delivered to it for ever (<c>ceilometer/pipeline/sample.py</c>).
/// </summary>
public static class SampleFault
{
    /// <summary>What is wrong with it, in words; null if nothing is.</summary>
    public static string? Of(Sample sample) =>
        OfName("counter_name", sample.Meter.Name)
        ?? OfName("counter_unit", sample.Meter.Unit)
        ?? OfName("resource_id", sample.ResourceId)
        ?? OfName("project_id", sample.ProjectId)
        ?? OfText("region", sample.Region)
        ?? OfText("storage_policy", sample.StoragePolicy)
        ?? OfType(sample.Meter.Type)
        ?? OfVolume(sample.Volume);

    /// <summary>Gnocchi refuses a resource without a name, and with it the measures of all that are in the message.</summary>
    private static string? OfName(string field, string value) => value.Length == 0 ? $"{field} is empty" : OfText(field, value);

    /// <summary>
    /// Half a surrogate pair is no UTF-8: it would be sent as another character and so as another resource, and Python, to which it can be
    /// spelt, cannot write it either. NUL is what PostgreSQL takes in no text.
    /// </summary>
    private static string? OfText(string field, string? value)
    {
        if (value is null)
        {
            return null;
        }

        return value.Contains('\0', StringComparison.Ordinal) ? $"{field} has a NUL in it"
            : IsUnicode(value) ? null
            : $"{field} is not valid Unicode";
    }

    private static bool IsUnicode(ReadOnlySpan<char> text)
    {
        if (Ascii.IsValid(text))
        {
            return true;
        }

        while (Rune.DecodeFromUtf16(text, out _, out var length) == OperationStatus.Done)
        {
            text = text[length..];
        }

        return text.IsEmpty;
    }

    /// <summary>Ceilometer 24 and later know these and fail on any other (<c>ceilometer/sample.py</c>).</summary>
    private static string? OfType(string type) => type is "gauge" or "delta" or "cumulative" ? null : "counter_type is not gauge, delta or cumulative";

    /// <summary>Consumers take it as it is, and somebody's bill would be less by it.</summary>
    private static string? OfVolume(long volume) => volume < 0 ? "counter_volume is negative" : null;
}
