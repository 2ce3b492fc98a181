using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Consometer.Tests.DropIn;

/// <summary>As much of consul-template as <c>etc/consometer.yaml.ctmpl</c> uses: some actions of Go's templates, and some functions of its own.</summary>
/// <param name="environment">Environment variables.</param>
/// <param name="consul">Consul's keys, without a slash in front, as consul-template asks for them.</param>
/// <param name="vault">Vault's secrets by path.</param>
internal sealed partial class ConsulTemplate(
    IReadOnlyDictionary<string, string> environment, IReadOnlyDictionary<string, string> consul, IReadOnlyDictionary<string, IReadOnlyDictionary<string, object?>> vault)
{
    private readonly Dictionary<string, object?> _variables = [];
    private readonly Queue<(string Text, string? Action)> _parts = new();

    /// <summary>The names of environment variables that were asked for, set or not.</summary>
    public HashSet<string> Asked { get; } = [];

    public string Render(string template)
    {
        Split(template);
        var output = new StringBuilder();
        Render(output, dot: null);
        return output.ToString();
    }

    /// <summary>The text before each action, and the action; a dash in its braces trims the text on that side.</summary>
    private void Split(string template)
    {
        var (at, trims) = (0, false);
        foreach (Match action in Action().Matches(template))
        {
            var text = template[at..action.Index];
            text = trims ? text.TrimStart() : text;
            _parts.Enqueue((action.Groups["left"].Success ? text.TrimEnd() : text, action.Groups["body"].Value));
            (at, trims) = (action.Index + action.Length, action.Groups["right"].Success);
        }

        _parts.Enqueue((trims ? template[at..].TrimStart() : template[at..], null));
    }

    /// <summary>Up to the end of the block, or of the template.</summary>
    /// <param name="output">Null where the block is passed over.</param>
    /// <param name="dot">What a dot stands for.</param>
    private void Render(StringBuilder? output, object? dot)
    {
        while (_parts.TryDequeue(out var part))
        {
            output?.Append(part.Text);
            switch (part.Action?.Split(' ', 2))
            {
                case null or ["end"]:
                    return;
                case ["with", var pipeline]:
                    var value = output is null ? null : Evaluate(pipeline, dot);
                    Render(IsTrue(value) ? output : null, value);
                    break;
                case ["if", var condition]:
                    Render(output is not null && IsTrue(Evaluate(condition, dot)) ? output : null, dot);
                    break;
                case [['$', ..] name, var assignment] when assignment.StartsWith(":= ", StringComparison.Ordinal):
                    _variables[name] = Evaluate(assignment[3..], dot);
                    break;
                default:
                    output?.Append(Evaluate(part.Action!, dot));
                    break;
            }
        }
    }

    private object? Evaluate(string pipeline, object? dot)
    {
        var words = new Queue<string>(Word().Matches(pipeline).Select(match => match.Value));
        var value = Pipeline(words, dot);
        Assert.Empty(words);
        return value;
    }

    private object? Pipeline(Queue<string> words, object? dot)
    {
        var value = Command(words, dot, piped: []);
        while (words.TryPeek(out var next) && next == "|")
        {
            words.Dequeue();
            value = Command(words, dot, piped: [value]);
        }

        return value;
    }

    /// <summary>A function with what stands behind it, and what was piped to it last; or a value.</summary>
    private object? Command(Queue<string> words, object? dot, object?[] piped)
    {
        if (!char.IsLetter(words.Peek()[0]))
        {
            return Operand(words, dot);
        }

        var function = words.Dequeue();
        var arguments = new List<object?>();
        while (words.TryPeek(out var next) && next is not ("|" or ")"))
        {
            arguments.Add(Operand(words, dot));
        }

        return Call(function, [.. arguments, .. piped]);
    }

    private object? Operand(Queue<string> words, object? dot)
    {
        var word = words.Dequeue();
        switch (word[0])
        {
            case '(':
                var value = Pipeline(words, dot);
                Assert.Equal(")", words.Dequeue());
                return value;
            case '"':
                return JsonSerializer.Deserialize<string>(word);
            case '$':
                return _variables[word];
            default:
                // A key that is not there would be written as <no value>.
                return word.Split('.', StringSplitOptions.RemoveEmptyEntries).Aggregate(dot, (owner, key) => Assert.IsType<IReadOnlyDictionary<string, object?>>(owner, exactMatch: false)[key]);
        }
    }

    private object? Call(string function, object?[] arguments) => (function, arguments) switch
    {
        ("env", [string name]) => Environment(name) ?? "",
        ("envOrDefault", [string name, string absent]) => Environment(name) ?? absent,
        ("key", [string name]) => consul[name.TrimStart('/')],
        ("parseJSON", [string json]) => Plain(JsonElement.Parse(json)),
        ("secret", [string path]) => new Dictionary<string, object?> { ["Data"] = vault[path] },
        ("replaceAll", [string old, string replacement, string text]) => text.Replace(old, replacement, StringComparison.Ordinal),
        ("not", [var value]) => !IsTrue(value),
        ("printf", ["%q", string text]) => Quote(text),
        ("printf", [string format, string text]) => format.Replace("%s", text, StringComparison.Ordinal),
        _ => throw new NotSupportedException($"{function} of {arguments.Length}"),
    };

    private string? Environment(string name)
    {
        Asked.Add(name);
        return environment.GetValueOrDefault(name);
    }

    private static bool IsTrue(object? value) => value is not (null or "" or false);

    /// <summary>A string as Go writes one.</summary>
    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '"' or '\\' => quoted.Append('\\').Append(rune),
                '\n' => quoted.Append("\\n"),
                '\t' => quoted.Append("\\t"),
                < ' ' or 0x7f => quoted.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"),
                _ => quoted.Append(rune),
            };
        }

        return quoted.Append('"').ToString();
    }

    private static object? Plain(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().ToDictionary(member => member.Name, member => Plain(member.Value)),
        JsonValueKind.String => json.GetString(),
        _ => throw new NotSupportedException($"{json.ValueKind}"),
    };

    [GeneratedRegex(@"\{\{(?<left>-)?\s*(?<body>.*?)\s*(?<right>-)?\}\}", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Action();

    [GeneratedRegex("""
        "([^"\\]|\\.)*"|[()|]|[^\s()|]+
        """, RegexOptions.ExplicitCapture)]
    private static partial Regex Word();
}
