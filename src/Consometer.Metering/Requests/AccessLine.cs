using System.Buffers;
using System.Buffers.Text;

namespace Consometer.Metering.Requests;

/// <summary>What a line of a log is.</summary>
public enum LineKind
{
    /// <summary>A line of the access log.</summary>
    Access,

    /// <summary>Another message of the proxy's, in the same log.</summary>
    Other,

    /// <summary>An access line that is cut off, of another layout, or damaged.</summary>
    Unreadable,
}

/// <summary>A line of the access log, its fields as they stand there: percent-quoted, <c>-</c> for nothing and for 0.</summary>
internal readonly ref struct AccessLine
{
    /// <summary>Bytes of a date.</summary>
    public const int DateLength = 20;

    /// <summary>No body is a pebibyte long; what says so is damaged, and a few of them would be more than a figure holds.</summary>
    private const long BytesMax = 1L << 50;

    private static readonly SearchValues<byte> TimeBytes = SearchValues.Create("0123456789."u8);

    private static ReadOnlySpan<byte> Months => "JanFebMarAprMayJunJulAugSepOctNovDec"u8;

    /// <summary>What Swift writes in place of a value that is not to be known (<c>swift/common/utils/logs.py</c>, <c>StrAnonymizer</c>).</summary>
    private static ReadOnlySpan<byte> Anonymised => "{MD5}"u8;

    private static ReadOnlySpan<byte> AnonymisedWithSalt => "{SMD5}"u8;

    /// <summary>
    /// What a proxy with <c>log_max_line_length</c> leaves of the middle of a line (<c>swift/common/utils/logs.py</c>, <c>SwiftLogFormatter</c>). Where
    /// it took as many spaces as it put there, all the fields but those beside it are right: a path may have lost its end.
    /// </summary>
    private static ReadOnlySpan<byte> Shortened => "..."u8;

    private readonly ReadOnlySpan<byte> _line;
    private readonly ReadOnlySpan<Range> _fields;

    /// <param name="line">The line.</param>
    /// <param name="fields">Where its fields are, by <see cref="LogField"/>.</param>
    /// <param name="end">What its <see cref="LogField.EndDate"/> says.</param>
    public AccessLine(ReadOnlySpan<byte> line, ReadOnlySpan<Range> fields, DateTimeOffset end)
    {
        _line = line;
        _fields = fields;
        End = end;
    }

    /// <summary>All of it, as it came.</summary>
    public ReadOnlySpan<byte> Text => _line;

    public ReadOnlySpan<byte> ClientIp => this[LogField.ClientIp];

    public ReadOnlySpan<byte> RemoteAddr => this[LogField.RemoteAddr];

    public ReadOnlySpan<byte> Method => this[LogField.Method];

    public ReadOnlySpan<byte> Path => this[LogField.Path];

    public ReadOnlySpan<byte> Transaction => this[LogField.Transaction];

    /// <summary>Which middleware made the request; nothing if a client did.</summary>
    public ReadOnlySpan<byte> Source => this[LogField.Source];

    public bool HasSource => !IsNothing(Source);

    /// <summary>Empty where the layout does not have it.</summary>
    public ReadOnlySpan<byte> Account => this[LogField.Account];

    /// <summary>Empty where the layout does not have it.</summary>
    public ReadOnlySpan<byte> Container => this[LogField.Container];

    /// <summary>Whether addresses or names are those of <c>{….anonymized}</c>: then nobody can say whose the request is.</summary>
    public bool IsAnonymised => IsAnonymous(Path) || IsAnonymous(RemoteAddr) || IsAnonymous(ClientIp) || IsAnonymous(Account) || IsAnonymous(Container);

    public int Status => Digit(LogField.Status, 0) * 100 + Digit(LogField.Status, 1) * 10 + Digit(LogField.Status, 2);

    /// <summary>Bytes of the request's body that were read.</summary>
    public long BytesReceived => Number(BytesReceivedText);

    /// <summary>Bytes of the answer's body that were given to the server to send.</summary>
    public long BytesSent => Number(this[LogField.BytesSent]);

    /// <summary>When it ended, UTC, in whole seconds.</summary>
    public DateTimeOffset End { get; }

    private ReadOnlySpan<byte> BytesReceivedText => this[LogField.BytesReceived];

    private ReadOnlySpan<byte> this[LogField field] => _line[_fields[(int)field]];

    /// <summary>Whether a value is <c>-</c>, or the layout does not have it.</summary>
    public static bool IsNothing(ReadOnlySpan<byte> value) => value.IsEmpty || value is [(byte)'-'];

    /// <summary>Whether the fields are such as the proxy writes: else the line does not begin there.</summary>
    public bool IsSound() =>
        this[LogField.Status] is [>= (byte)'1' and <= (byte)'9', >= (byte)'0' and <= (byte)'9', >= (byte)'0' and <= (byte)'9']
        && IsNumber(BytesReceivedText)
        && IsNumber(this[LogField.BytesSent])
        && IsTime(this[LogField.EndTime])
        && !this[LogField.Protocol].SequenceEqual(Shortened)
        && (IsNothing(Transaction) || Transaction.StartsWith("tx"u8))
        && this[LogField.EndDate].Length == DateLength;

    /// <summary><c>21/Nov/2026/21/29/58</c>, UTC (<c>swift/common/middleware/proxy_logging.py</c>).</summary>
    public static bool TryReadDate(ReadOnlySpan<byte> text, out DateTimeOffset date)
    {
        date = default;
        if (text is not [_, _, (byte)'/', _, _, _, (byte)'/', _, _, _, _, (byte)'/', _, _, (byte)'/', _, _, (byte)'/', _, _])
        {
            return false;
        }

        var month = Months.IndexOf(text[3..6]);
        if (month < 0 || month % 3 != 0
            || !TryReadDigits(text[..2], out var day) || !TryReadDigits(text[7..11], out var year)
            || !TryReadDigits(text[12..14], out var hour) || !TryReadDigits(text[15..17], out var minute) || !TryReadDigits(text[18..20], out var second)
            || year < 1 || day < 1 || day > DateTime.DaysInMonth(year, (month / 3) + 1) || hour > 23 || minute > 59 || second > 60)
        {
            return false;
        }

        // A leap second belongs to the minute that it ends.
        date = new DateTimeOffset(year, (month / 3) + 1, day, hour, minute, Math.Min(second, 59), TimeSpan.Zero);
        return true;
    }

    private static bool IsAnonymous(ReadOnlySpan<byte> value) => value is [(byte)'{', ..] && (value.StartsWith(Anonymised) || value.StartsWith(AnonymisedWithSalt));

    private static bool IsNumber(ReadOnlySpan<byte> text) => text is [(byte)'-'] || (Utf8Parser.TryParse(text, out long number, out var used) && used == text.Length && number is >= 0 and < BytesMax);

    private static long Number(ReadOnlySpan<byte> text) => Utf8Parser.TryParse(text, out long number, out _) ? number : 0;

    private static bool IsTime(ReadOnlySpan<byte> text) => text.IsEmpty || (!text.ContainsAnyExcept(TimeBytes) && text.Contains((byte)'.'));

    private static bool TryReadDigits(ReadOnlySpan<byte> text, out int number)
    {
        number = 0;
        foreach (var digit in text)
        {
            if (!char.IsAsciiDigit((char)digit))
            {
                return false;
            }

            number = (number * 10) + (digit - '0');
        }

        return true;
    }

    private int Digit(LogField field, int place) => this[field][place] - '0';
}
