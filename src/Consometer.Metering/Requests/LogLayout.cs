using System.Numerics;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.RegularExpressions;

namespace Consometer.Metering.Requests;

/// <summary>
/// How the proxy writes its access lines: the fields of <c>log_msg_template</c>, parted by single spaces. A syslog daemon may write what it
/// likes before them, and releases of Swift append fields.
/// </summary>
public sealed partial class LogLayout
{
    /// <summary>
    /// Swift's own template (<c>swift/common/middleware/proxy_logging.py</c>), up to 2.35; later ones append <c>{access_user_id}</c>, which is not needed.
    /// </summary>
    public const string Default =
        "{client_ip} {remote_addr} {end_time.datetime} {method} {path} {protocol} {status_int} {referer} {user_agent} {auth_token} {bytes_recvd} {bytes_sent} "
        + "{client_etag} {transaction_id} {headers} {request_time} {source} {log_info} {start_time} {end_time} {policy_index}";

    /// <summary>What a syslog daemon writes before a line, and a template of one's own, are a few words each.</summary>
    private const int WordsMax = 96;

    private static readonly Dictionary<string, LogField> Names = new(StringComparer.Ordinal)
    {
        ["client_ip"] = LogField.ClientIp,
        ["remote_addr"] = LogField.RemoteAddr,
        ["end_time.datetime"] = LogField.EndDate,
        ["method"] = LogField.Method,
        ["path"] = LogField.Path,
        ["status_int"] = LogField.Status,
        ["bytes_recvd"] = LogField.BytesReceived,
        ["bytes_sent"] = LogField.BytesSent,
        ["transaction_id"] = LogField.Transaction,
        ["source"] = LogField.Source,
        ["end_time"] = LogField.EndTime,
        ["protocol"] = LogField.Protocol,
        ["account"] = LogField.Account,
        ["container"] = LogField.Container,
    };

    /// <summary>Those that are read.</summary>
    private readonly Word[] _words;

    private readonly Word _date;

    /// <summary>How many there are in all.</summary>
    private readonly int _count;

    private LogLayout(string template, Word[] words)
    {
        Template = template;
        _words = [.. words.Where(word => word.Field != LogField.None)];
        _date = words.First(word => word.Field == LogField.EndDate);
        _count = words.Length;
    }

    /// <summary>What it is the layout of: Swift's <c>log_msg_template</c>.</summary>
    public string Template { get; }

    /// <summary>Whether lines name account and container apart from the path: those of S3 requests are not in it.</summary>
    public bool NamesAccounts => _words.Any(word => word.Field == LogField.Account) && _words.Any(word => word.Field == LogField.Container);

    /// <summary>The layout of a template.</summary>
    /// <param name="template">Swift's <c>log_msg_template</c>.</param>
    /// <param name="fault">What it lacks, in words; null if nothing.</param>
    public static LogLayout? Parse(string template, out string? fault)
    {
        var words = template.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(WordOf).ToArray();
        var missing = Names.Where(name => name.Value < LogField.EndTime && words.All(word => word.Field != name.Value)).Select(name => $"{{{name.Key}}}").ToArray();
        fault = missing.Length > 0 ? $"no {string.Join(", ", missing)} of its own, between spaces"
            : words.Length > WordsMax / 2 ? $"{words.Length} fields"
            : null;
        return fault is null ? new LogLayout(template, words) : null;
    }

    /// <summary>Finds the fields of a line, wherever in it they begin.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <param name="fields">Filled with where they are; as many as there are fields.</param>
    /// <param name="end">When the request ended.</param>
    internal LineKind Find(ReadOnlySpan<byte> line, Span<Range> fields, out DateTimeOffset end)
    {
        end = default;
        Span<int> starts = stackalloc int[WordsMax + 1];
        var words = Split(line, starts);
        var kind = LineKind.Other;
        for (var i = _date.Place; i < words; i++)
        {
            // What a client says of itself may look like a date too; so whatever follows must be right.
            if (TryReadDate(line[starts[i]..(starts[i + 1] - 1)], out end))
            {
                kind = LineKind.Unreadable;
                if (i - _date.Place + _count <= words && TryFill(line, starts[(i - _date.Place)..], fields))
                {
                    return LineKind.Access;
                }
            }
        }

        return kind;
    }

    /// <returns>How many words there are; each ends one before the start of the next.</returns>
    private static int Split(ReadOnlySpan<byte> line, Span<int> starts)
    {
        starts[0] = 0;
        var words = 1;
        var at = 0;

        // Words are short: looking for the end of each by itself takes longer than anything else that is done to a line.
        for (; at + Vector256<byte>.Count <= line.Length; at += Vector256<byte>.Count)
        {
            var spaces = Vector256.Equals(Vector256.Create(line[at..]), Vector256.Create((byte)' ')).ExtractMostSignificantBits();
            for (; spaces != 0; spaces &= spaces - 1)
            {
                starts[words] = at + BitOperations.TrailingZeroCount(spaces) + 1;
                if (words == WordsMax)
                {
                    return words;
                }

                words++;
            }
        }

        for (; at < line.Length; at++)
        {
            if (line[at] == ' ')
            {
                starts[words] = at + 1;
                if (words == WordsMax)
                {
                    return words;
                }

                words++;
            }
        }

        starts[words] = line.Length + 1;
        return words;
    }

    private static Word WordOf(string text, int place)
    {
        var match = Field().Match(text);
        return match.Success && Names.TryGetValue(match.Groups["name"].Value, out var field)
            ? new Word(place, field, Encoding.UTF8.GetBytes(match.Groups["before"].Value), Encoding.UTF8.GetBytes(match.Groups["after"].Value))
            : new Word(place, LogField.None, [], []);
    }

    /// <summary>One field, with whatever stands around it.</summary>
    [GeneratedRegex(@"^(?<before>[^{}]*)\{(?<name>[a-z_.]+)\}(?<after>[^{}]*)\z")]
    private static partial Regex Field();

    private bool TryReadDate(ReadOnlySpan<byte> word, out DateTimeOffset date)
    {
        var before = _date.Before;
        date = default;
        return word.Length >= before.Length + AccessLine.DateLength && word.StartsWith(before) && AccessLine.TryReadDate(word.Slice(before.Length, AccessLine.DateLength), out date);
    }

    private bool TryFill(ReadOnlySpan<byte> line, ReadOnlySpan<int> starts, Span<Range> fields)
    {
        fields.Clear();
        foreach (var word in _words)
        {
            var (start, end) = (starts[word.Place], starts[word.Place + 1] - 1);
            if (word.HasLiterals)
            {
                var text = line[start..end];
                if (text.Length < word.Before.Length + word.After.Length || !text.StartsWith(word.Before) || !text.EndsWith(word.After))
                {
                    return false;
                }

                (start, end) = (start + word.Before.Length, end - word.After.Length);
            }

            fields[(int)word.Field] = start..end;
        }

        return new AccessLine(line, fields, default).IsSound();
    }

    /// <summary>A word of a template: where it is among them, the field in it, and what stands around that.</summary>
    private readonly record struct Word(int Place, LogField Field, byte[] Before, byte[] After)
    {
        public bool HasLiterals { get; } = Before.Length + After.Length > 0;
    }
}
