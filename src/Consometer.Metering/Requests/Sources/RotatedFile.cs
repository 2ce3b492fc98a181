using System.Globalization;

namespace Consometer.Metering.Requests.Sources;

/// <summary>A file beside the log whose name says that it was the log once, as it was found in the folder.</summary>
/// <param name="Path">Its name.</param>
/// <param name="Mark">What its name has and the log's has not, e.g. <c>.2.gz</c> or <c>-20261121</c>.</param>
/// <param name="LastWrite">When it was last written, UTC. Compressing keeps that: logrotate and gzip see to it.</param>
/// <param name="Length">Bytes on disk.</param>
internal sealed record RotatedFile(string Path, string Mark, DateTime LastWrite, long Length)
{
    private const string Compressed = ".gz";

    /// <summary>Longer ones are dates.</summary>
    private const int GenerationDigitsMax = 4;

    private const int DateDigitsMin = 6;

    /// <summary>Earlier files of the log first.</summary>
    public static Comparison<RotatedFile> ByAge { get; } = (one, other) =>
    {
        var byTime = one.LastWrite.CompareTo(other.LastWrite);
        return byTime != 0 ? byTime
            : one.Generation is { } mine && other.Generation is { } its ? its.CompareTo(mine)
            : string.CompareOrdinal(one.Mark, other.Mark);
    };

    public bool IsCompressed => Path.EndsWith(Compressed, StringComparison.Ordinal);

    /// <summary>
    /// Whether it is one of a row, by number or date, and not somebody's copy: only then it may be a part of the log that nobody
    /// has looked at. What has a small number after a hyphen may be another proxy's log.
    /// </summary>
    public bool IsOfRow => char.IsAsciiDigit(Mark[1]) && (Mark[0] == '.' || Mark.Count(char.IsAsciiDigit) >= DateDigitsMin);

    /// <summary>How many rotations ago; null where the mark is a date.</summary>
    private int? Generation
    {
        get
        {
            var digits = Mark.AsSpan(1);
            digits = digits.EndsWith(Compressed, StringComparison.Ordinal) ? digits[..^Compressed.Length] : digits;
            return digits.Length <= GenerationDigitsMax && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var generation) ? generation : null;
        }
    }

    /// <summary>The name that the file had, or will have, without compression.</summary>
    public string PlainPath => IsCompressed ? Path[..^Compressed.Length] : Path;

    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be opened by this user.</exception>
    public ILogFile Open() => IsCompressed ? GzipLogFile.Open(Path) : PlainLogFile.Open(Path);

    /// <summary>Whether a place in the log is in this file.</summary>
    /// <inheritdoc cref="Open"/>
    public bool Has(LogPosition position, CancellationToken stopping)
    {
        using var file = Open();
        return file.Stands(position, stopping);
    }
}
