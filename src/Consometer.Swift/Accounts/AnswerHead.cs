using System.Globalization;

namespace Consometer.Swift.Accounts;

/// <summary>
/// The status line and headers of an answer (RFC 9112 §4, §5), told apart as they are asked for. Names and values are spans of the text
/// they came as: nothing is kept.
/// </summary>
internal ref struct AnswerHead
{
    private const string Protocol = "HTTP/1.";
    private const int StatusAt = 9;
    private const int StatusDigits = 3;

    private readonly ReadOnlySpan<char> _statusLine;
    private ReadOnlySpan<char> _rest;

    /// <param name="text">All before the empty line, with a line feed at the end of each line; bytes as Latin-1.</param>
    public AnswerHead(ReadOnlySpan<char> text)
    {
        _rest = text;
        _statusLine = Line();
    }

    /// <summary>The status; null if this is no answer in HTTP/1.0 or 1.1.</summary>
    public readonly int? Status =>
        _statusLine.StartsWith(Protocol, StringComparison.Ordinal) && _statusLine.Length >= StatusAt + StatusDigits
        && _statusLine[StatusAt - 1] == ' ' && (_statusLine.Length == StatusAt + StatusDigits || _statusLine[StatusAt + StatusDigits] == ' ')
        && int.TryParse(_statusLine.Slice(StatusAt, StatusDigits), NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            ? status
            : null;

    /// <summary>Whether it is of HTTP/1.1, where connections are kept unless a header says otherwise.</summary>
    public readonly bool IsVersion11 => _statusLine.StartsWith("HTTP/1.1", StringComparison.Ordinal);

    /// <summary>Takes the next header off.</summary>
    /// <param name="name">Its name; empty if the line is no header.</param>
    /// <param name="value">Its value.</param>
    /// <returns>False if there is no other.</returns>
    public bool TryTake(out ReadOnlySpan<char> name, out ReadOnlySpan<char> value)
    {
        name = value = default;
        if (_rest.IsEmpty)
        {
            return false;
        }

        var line = Line();
        var colon = line.IndexOf(':');
        if (colon > 0)
        {
            name = line[..colon];
            value = line[(colon + 1)..].Trim(" \t");
        }

        return true;
    }

    /// <summary>Takes the next line off, without what ends it.</summary>
    private ReadOnlySpan<char> Line()
    {
        var end = _rest.IndexOf('\n');
        var line = _rest[..end];
        _rest = _rest[(end + 1)..];
        return line is [.., '\r'] ? line[..^1] : line;
    }
}
