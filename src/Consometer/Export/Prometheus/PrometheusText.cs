using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Consometer.Export.Prometheus;

/// <summary>
/// Writes Prometheus' text format 0.0.4 (its manual, "Exposition formats"): a family's <see cref="Family"/>, then all its lines, each from
/// <see cref="Begin"/> to its end.
/// </summary>
/// <param name="to">Where it goes.</param>
internal sealed class PrometheusText(IBufferWriter<byte> to)
{
    /// <summary>The format, for whoever is sent it.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>A double holds every whole number up to it, and is written as that.</summary>
    private const double WholeMax = 1L << 53;
    private const int NumberBytesMax = 32;

    private static readonly SearchValues<char> Escaped = SearchValues.Create("\\\"\n");

    private bool _hasLabels;

    /// <summary>Begins a family.</summary>
    /// <param name="name">Its name, with all suffixes but those of single lines.</param>
    /// <param name="type">counter, gauge or histogram.</param>
    /// <param name="help">What it is, in one line.</param>
    public void Family(string name, string type, string help)
    {
        Write("# HELP ");
        Write(name);
        Write(" ");
        Write(help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal));
        Write("\n# TYPE ");
        Write(name);
        Write(" ");
        Write(type);
        Write("\n");
    }

    public void Begin(string name, string suffix = "")
    {
        Write(name);
        Write(suffix);
        _hasLabels = false;
    }

    /// <summary>A label; what is no Unicode in its value becomes the replacement character.</summary>
    public void Label(string name, string value)
    {
        Write(_hasLabels ? "," : "{");
        _hasLabels = true;
        Write(name);
        Write("=\"");
        WriteEscaped(value);
        Write("\"");
    }

    /// <summary>Ends a line: whole numbers have all their digits and no exponent.</summary>
    public void End(double value)
    {
        if (Math.Abs(value) <= WholeMax && value == Math.Truncate(value))
        {
            End((long)value);
            return;
        }

        EndLabels();
        if (double.IsInfinity(value))
        {
            Write(value > 0 ? "+Inf" : "-Inf");
        }
        else
        {
            Utf8Formatter.TryFormat(value, to.GetSpan(NumberBytesMax), out var bytes);
            to.Advance(bytes);
        }

        Write("\n");
    }

    public void End(long value)
    {
        EndLabels();
        Utf8Formatter.TryFormat(value, to.GetSpan(NumberBytesMax), out var bytes);
        to.Advance(bytes);
        Write("\n");
    }

    private void EndLabels() => Write(_hasLabels ? "} " : " ");

    private void WriteEscaped(ReadOnlySpan<char> value)
    {
        while (value.IndexOfAny(Escaped) is var next and >= 0)
        {
            Write(value[..next]);
            Write(value[next] switch { '\n' => "\\n", '"' => "\\\"", _ => "\\\\" });
            value = value[(next + 1)..];
        }

        Write(value);
    }

    private void Write(ReadOnlySpan<char> text) => Encoding.UTF8.GetBytes(text, to);
}
