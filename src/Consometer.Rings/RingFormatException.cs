namespace Consometer.Rings;

/// <summary>Bytes that are not a ring, or not a whole and sound one.</summary>
public sealed class RingFormatException : InputFileException
{
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
    public static RingFormatException At(long offset, string wanted, string found) => new(null, offset, wanted, found);

    /// <summary>The same fault, with the name of the file it is in.</summary>
    internal RingFormatException In(string path) => new(path, Offset, Wanted, Found);
}
