using System.Text;

namespace Consometer.Cli.Output;

/// <summary>CSV as RFC 4180 has it.</summary>
internal static class CsvText
{
    /// <summary>UTF-8, lines that end in CRLF; the stream stays open.</summary>
    public static StreamWriter Writer(Stream output) =>
        new(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\r\n" };

    /// <summary>A line without its end; values are quoted where they must be.</summary>
    public static string Line(IEnumerable<string> values) => string.Join(',', values.Select(Quote));

    private static string Quote(string value) =>
        value.AsSpan().ContainsAny(",\"\r\n") ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value;
}
