using System.Globalization;

namespace Consometer.Metering;

/// <summary>
/// The start of a period of the wall clock: with a period of an hour the round of 13:00 is that of 13:00, whenever in that
/// hour it runs.
/// </summary>
/// <param name="Start">UTC, a whole number of periods since 1970.</param>
/// <param name="Period">How long until the next.</param>
public readonly record struct RoundTime(DateTimeOffset Start, TimeSpan Period) : IUtf8SpanFormattable
{
    /// <summary>Characters, and bytes, of a time as text.</summary>
    public const int TextLength = 20;

    /// <summary>When the next round's period starts.</summary>
    public RoundTime Next => this with { Start = Start + Period };

    /// <summary>The round that an instant belongs to.</summary>
    /// <param name="now">The instant.</param>
    /// <param name="period">Whole seconds, at least one: they are what tells round times apart.</param>
    public static RoundTime At(DateTimeOffset now, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, TimeSpan.FromSeconds(1));
        var since = now.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        return new RoundTime(DateTimeOffset.UnixEpoch.AddTicks(since - (since % period.Ticks)), period);
    }

    /// <summary>As in samples: <c>2026-11-21T13:00:00Z</c>.</summary>
    public override string ToString() => Start.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The same text; there is no other format.</summary>
    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        var isWritten = utf8Destination.Length >= TextLength && Start.UtcDateTime.TryFormat(utf8Destination, out _, "s", CultureInfo.InvariantCulture);
        if (isWritten)
        {
            utf8Destination[TextLength - 1] = (byte)'Z';
        }

        bytesWritten = isWritten ? TextLength : 0;
        return isWritten;
    }
}
