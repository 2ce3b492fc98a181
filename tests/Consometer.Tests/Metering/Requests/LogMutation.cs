using System.Text;
using Consometer.Tests.Rings.Fuzz;

namespace Consometer.Tests.Metering.Requests;

/// <summary>What a bad disk, a syslog daemon or a bad person does to a log's line.</summary>
internal static class LogMutation
{
    /// <summary>Fields that break arithmetic, time, paths or text.</summary>
    private static readonly byte[][] Fields =
    [
        .. ((string[])[
            "", "-", "0", "00", "-1", "+1", "1.5", "9223372036854775807", "9223372036854775808", "18446744073709551616", new string('9', 400), "1e9", " ", "  ", "\r", "\t", "\0", "\0\0\0",
            "01/Jan/0001/00/00/00", "31/Dec/9999/23/59/60", "29/Feb/2026/00/00/00", "29/Feb/2024/00/00/00", "00/Jan/2026/00/00/00", "01/Jan/1969/23/59/59", "21/nov/2026/12/00/00", "21/anF/2026/12/00/00",
            "099", "100", "200", "401", "499", "600", "999", "OV", "S3", "{MD5}", "{SMD5}0", "{", "...", "(txn:", "tx", "[::1]:1", "[::1", "10.0.0.1:99999", "::ffff:10.0.0.1%25eth0",
            "/v1/AUTH_", "/v1/AUTH_p/%", "/v1/AUTH_p/%25", "/v1/AUTH_p/%2500versions%2500", "/v1/AUTH_p/%25FF%25FE/o", "/v1/AUTH_p/c%3F", "/v1/AUTH_p/c/o%3F%26%3D%26", "/v1/AUTH_p%3F/c/o", "/", "//", "/%", "%3F", "%2F", "+segments",
        ]).Select(Encoding.UTF8.GetBytes),
        [0xff, 0xfe], [0xc3], [0xed, 0xa0, 0x80], [0xf0, 0x9f, 0xa6],
    ];

    /// <summary>One to three changes of a line; another line is there to be taken from.</summary>
    public static byte[] Any(byte[] line, byte[] other, Random random)
    {
        for (var left = 1 + (random.Next(3) == 0 ? random.Next(3) : 0); left > 0; left--)
        {
            line = random.Next(10) switch
            {
                0 => ByteMutation.Flip(line, random),
                1 => ByteMutation.Overwrite(line, random),
                2 => ByteMutation.Cut(line, random),
                3 => ByteMutation.Splice(line, other, random),
                4 => ByteMutation.Insert(line, random),
                5 => WithFields(line, words => (words[random.Next(words.Count)], words[random.Next(words.Count)]) = (words[random.Next(words.Count)], words[random.Next(words.Count)])),
                6 => WithFields(line, words => words.RemoveAt(random.Next(words.Count))),
                7 => WithFields(line, words => words.Insert(random.Next(words.Count + 1), Fields[random.Next(Fields.Length)])),
                _ => WithFields(line, words => words[random.Next(words.Count)] = Fields[random.Next(Fields.Length)]),
            };
        }

        return line;
    }

    private static byte[] WithFields(byte[] line, Action<List<byte[]>> change)
    {
        var words = Encoding.Latin1.GetString(line).Split(' ').Select(Encoding.Latin1.GetBytes).ToList();
        change(words);
        return [.. words.SelectMany((word, i) => i == 0 ? word : [(byte)' ', .. word])];
    }
}
