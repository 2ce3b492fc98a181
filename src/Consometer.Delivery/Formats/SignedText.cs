using System.Buffers;
using System.Globalization;
using System.Text;

namespace Consometer.Delivery.Formats;

/// <summary>
/// A sample as Ceilometer signs it: names and values in UTF-8 with nothing between them, a value as Python's <c>str</c> has it
/// (<c>compute_signature</c> in <c>ceilometer/publisher/utils.py</c>). Whoever adds them sorts them by name, and names what is in a
/// dictionary <c>a:b</c>.
/// </summary>
internal sealed class SignedText
{
    /// <summary>More than most samples take.</summary>
    private const int SampleBytes = 512;

    private readonly ArrayBufferWriter<byte> _bytes = new(SampleBytes);

    /// <summary>All that was added since it was last cleared. It is good until then.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    public void Clear() => _bytes.ResetWrittenCount();

    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        _bytes.Write(name);
        _bytes.Write(value);
    }

    public void Add(ReadOnlySpan<byte> name, string value)
    {
        _bytes.Write(name);
        Encoding.UTF8.GetBytes(value, _bytes);
    }

    public void Add(ReadOnlySpan<byte> name, long value)
    {
        _bytes.Write(name);
        value.TryFormat(_bytes.GetSpan(SampleJson.VolumeBytesMax), out var written, provider: CultureInfo.InvariantCulture);
        _bytes.Advance(written);
    }

    public void AddNull(ReadOnlySpan<byte> name) => Add(name, "None"u8);
}
