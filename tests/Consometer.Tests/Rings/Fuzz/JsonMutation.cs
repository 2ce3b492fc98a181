using System.Text;
using System.Text.RegularExpressions;

namespace Consometer.Tests.Rings.Fuzz;

/// <summary>What a bad writer does to JSON, most of it JSON still. The text is Latin-1, so that any byte may be in it.</summary>
internal static partial class JsonMutation
{
    private const int Depth = 10_000;

    private static readonly string[] Numbers =
    [
        "0", "1", "2", "3", "4", "8", "24", "31", "32", "33", "255", "256", "257", "65534", "65535", "65536", "2147483647", "2147483648", "4294967295", "4294967296",
        "9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616", "-1", "-2147483648", "-2147483649", "-9223372036854775809",
        "0.5", "-0", "-0.0", "1.0", "2.5", "1e0", "1E+2", "1e-7", "1e308", "-1e308", "1e309", "-1e309", "5e-324", "1e-400", "1e2147483648", new string('9', 400), "0." + new string('0', 400) + "1",
    ];

    private static readonly string[] Values =
    [
        "null", "true", "false", "{}", "[]", "[null]", "[[]]", "{\"id\": 0}", "\"\"", "\"0\"", "\"24\"", "\" \"", "\"\\u0000\"", "\"\\u001b[31m\"", "\"\\ud800\"", "\"\\ud83d\\ude00\"", "\"\u00ff\"",
        "\"\u00c3\u00a4\"", "\"md5\"", "\"big\"", "\"little\"", "\"10.9.1.1\"", "\"fd00::1\"", "\"" + new string('x', 3000) + "\"",
    ];

    private static readonly Func<string, Random, string>[] All = [Number, Number, Value, WithoutKey, KeyTwice, Rename, Text];

    /// <summary>A number that breaks arithmetic, as JSON.</summary>
    public static string AnyNumber(Random random) => Numbers[random.Next(Numbers.Length)];

    /// <summary>One to three changes.</summary>
    public static byte[] Any(byte[] json, Random random)
    {
        var text = Encoding.Latin1.GetString(json);
        for (var left = 1 + (random.Next(4) == 0 ? random.Next(3) : 0); left > 0; left--)
        {
            text = random.Next(500) == 0 ? Deep(text, random) : All[random.Next(All.Length)](text, random);
        }

        return Encoding.Latin1.GetBytes(text);
    }

    private static string Number(string json, Random random) => Replace(NumberPattern(), json, random, _ => AnyNumber(random));

    private static string Value(string json, Random random) => Replace(ValuePattern(), json, random, _ => Values[random.Next(Values.Length)]);

    private static string WithoutKey(string json, Random random) => Replace(EntryPattern(), json, random, _ => "");

    private static string KeyTwice(string json, Random random) =>
        Replace(EntryPattern(), json, random, entry => $"{entry}{(random.Next(2) == 0 ? entry : Value(entry, random))}");

    private static string Rename(string json, Random random) => Replace(KeyPattern(), json, random, key => random.Next(2) == 0 ? "\"x\":" : key.ToUpperInvariant());

    private static string Text(string json, Random random) => Encoding.Latin1.GetString(ByteMutation.Any(Encoding.Latin1.GetBytes(json), random));

    private static string Deep(string json, Random random)
    {
        var (open, close) = random.Next(2) == 0 ? ("[", "]") : ("{\"a\":", "}");
        var deep = new StringBuilder().Insert(0, open, Depth).Append('1').Insert((open.Length * Depth) + 1, close, Depth).ToString();
        return Replace(ValuePattern(), json, random, _ => deep);
    }

    private static string Replace(Regex pattern, string json, Random random, Func<string, string> change)
    {
        var matches = pattern.Matches(json);
        if (matches.Count == 0)
        {
            return json;
        }

        var it = matches[random.Next(matches.Count)].Groups["it"];
        return string.Concat(json.AsSpan(0, it.Index), change(it.Value), json.AsSpan(it.Index + it.Length));
    }

    [GeneratedRegex(@"[:\[,] ?(?<it>-?[0-9][0-9.eE+-]*)")]
    private static partial Regex NumberPattern();

    [GeneratedRegex(@"[:\[,] ?(?<it>""[^""]*""(?!:)|-?[0-9][0-9.eE+-]*|null)")]
    private static partial Regex ValuePattern();

    [GeneratedRegex(@"(?<it>""[^""]*"": ?(""[^""]*""|-?[0-9][0-9.eE+-]*|null|\[[^\[\]]*\]), ?)")]
    private static partial Regex EntryPattern();

    [GeneratedRegex(@"(?<it>""[^""]*"":)")]
    private static partial Regex KeyPattern();
}
