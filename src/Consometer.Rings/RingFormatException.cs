using System.Text;

namespace Consometer.Rings;

/// <summary>Bytes that are not a ring, or not a whole and sound one.</summary>
public sealed class RingFormatException : InputFileException
{
    /// <summary>Enough to know a piece of a ring by.</summary>
    private const int ShownMax = 200;

    private RingFormatException(string? path, long offset, string wanted, string found)
        : base($"{(path is null ? "ring" : $"ring {path}")}: byte {offset}: wanted {wanted}, found {found}")
    {
        Offset = offset;
        Wanted = wanted;
        Found = found;
    }

    /// <summary>Bytes from the start: of the inflated ring, or of the file where the gzip stream itself is at fault.</summary>
    public long Offset { get; }

    /// <summary>What a sound ring has there.</summary>
    public string Wanted { get; }

    /// <summary>What this one has there.</summary>
    public string Found { get; }

    /// <summary>A fault at one place of the ring.</summary>
    public static RingFormatException At(long offset, string wanted, string found) => new(null, offset, Shown(wanted), Shown(found));

    /// <summary>The same fault, with the name of the file it is in.</summary>
    internal RingFormatException In(string path) => new(path, Offset, Wanted, Found);

    /// <summary>Both may quote the ring, which may say anything: here it is on one line, not long, and steers no terminal.</summary>
    private static string Shown(string text)
    {
        var shown = text.Length <= ShownMax ? text : text[..ShownMax] + "…";
        return string.Concat(shown.EnumerateRunes().Select(rune => Rune.IsWhiteSpace(rune) ? " " : Rune.IsControl(rune) ? "\ufffd" : rune.ToString()));
    }
}
