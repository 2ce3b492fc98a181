using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Consometer.Configuration;

/// <summary>
/// A mapping of the configuration file while it is turned into options. It knows where each value stands, collects every
/// fault rather than stopping at the first, and knows in the end which keys nobody asked for.
/// </summary>
internal sealed class YamlSection
{
    private readonly YamlSource _source;
    private readonly string _path;
    private readonly Dictionary<string, (YamlNode Node, long Line)> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _lines = new(StringComparer.Ordinal);
    private readonly List<YamlSection> _sections = [];

    private YamlSection(YamlSource source, string path, bool isGiven)
    {
        _source = source;
        _path = path;
        IsGiven = isGiven;
    }

    /// <summary>Whether the file has this section.</summary>
    public bool IsGiven { get; }

    public static YamlSection Root(YamlSource source, YamlNode? node) => Open(source, "", node, 1);

    public YamlSection Section(string key)
    {
        var section = _values.Remove(key, out var value) ? Open(_source, Name(key), value.Node, value.Line) : new YamlSection(_source, Name(key), isGiven: false);
        _sections.Add(section);
        return section;
    }

    /// <summary>Whether the file has a key, whoever asked for it before.</summary>
    public bool IsSet(string key) => _lines.ContainsKey(key);

    /// <summary>Whether a key is set to something. The key counts as known from then on.</summary>
    public bool Has(string key) => Take(key, null).Text is not null;

    public string? Text(string key, string? environment = null) => Take(key, environment).Text;

    /// <summary>A value and where it stands; null if there is none, or an empty one.</summary>
    public (string Text, string Place)? Find(string key) => Take(key, null) is ({ Length: > 0 } text, var place) ? (text, place) : null;

    public string Required(string key)
    {
        var text = Text(key);
        if (string.IsNullOrEmpty(text))
        {
            Fault(key, "a value", "none");
        }

        return text ?? "";
    }

    /// <summary>A value that must parse; <paramref name="absent"/> if it is not there or does not.</summary>
    public T Value<T>(string key, string wanted, T absent, Func<string, T?> parse, string? environment = null)
        where T : struct
    {
        var (text, place) = Take(key, environment);
        if (text is null)
        {
            return absent;
        }

        if (parse(text) is { } value)
        {
            return value;
        }

        FaultAt(place, Name(key), wanted, $"\"{text}\"");
        return absent;
    }

    public int Number(string key, int min, int max, int absent, string? environment = null) => Value<int>(
        key,
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}"),
        absent,
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number : null,
        environment);

    public double Fraction(string key, double min, double max, double absent) => Value<double>(
        key,
        string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}"),
        absent,
        text => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number : null);

    /// <summary>A number of bytes, or of <c>KiB</c>, <c>MiB</c>, <c>GiB</c>, <c>TiB</c>.</summary>
    public long Bytes(string key, long min, long absent) => Value<long>(
        key,
        string.Create(CultureInfo.InvariantCulture, $"bytes such as 500MiB, 10GiB, at least {min}"),
        absent,
        text => ByteCount.TryParse(text) is { } bytes && bytes >= min ? bytes : null);

    public TimeSpan Span(string key, TimeSpan min, TimeSpan max, TimeSpan absent, string? environment = null) => Value(
        key,
        $"a duration such as 500ms, 30s, 10m, 1h, from {Duration.Show(min)} to {Duration.Show(max)}",
        absent,
        text => Duration.TryParse(text) is { } span && span >= min && span <= max ? span : null,
        environment);

    public bool Flag(string key, bool absent) =>
        Value<bool>(key, "true or false", absent, text => bool.TryParse(text, out var flag) ? flag : null);

    public T Choice<T>(string key, T absent, IReadOnlyDictionary<string, T> choices, string? environment = null)
        where T : struct =>
        Value<T>(
            key, "one of " + string.Join(", ", choices.Keys), absent,
            text => choices.TryGetValue(text.ToLowerInvariant(), out var choice) ? choice : null, environment);

    /// <summary>A list, or one value as a list of one.</summary>
    public IReadOnlyList<string> List(string key, IReadOnlyList<string> absent)
    {
        if (!_values.Remove(key, out var value) || IsNull(value.Node))
        {
            return absent;
        }

        var items = value.Node is YamlSequenceNode sequence ? sequence.Children : [value.Node];
        if (items.All(item => item is YamlScalarNode))
        {
            return [.. items.Select(item => ((YamlScalarNode)item).Value ?? "")];
        }

        FaultAt(_source.Line(value.Line), Name(key), "a list of values", "something nested");
        return absent;
    }

    /// <summary>Where a key stands; the file where it does not.</summary>
    public string Place(string key) => _lines.TryGetValue(key, out var line) ? _source.Line(line) : _source.File;

    /// <summary>A fault of this section's own, at one of its keys.</summary>
    public void Fault(string key, string wanted, string found) => Fault(key, _source.File, wanted, found);

    /// <summary>A fault of this section's own, where <see cref="Find"/> found the value.</summary>
    public void Fault(string key, string place, string wanted, string found) => FaultAt(place, Name(key), wanted, found);

    /// <summary>Whatever nobody asked for is a fault: a key with a typo must not pass for a default.</summary>
    public void RefuseUnknown()
    {
        foreach (var (key, value) in _values)
        {
            _source.Faults.Add($"{_source.Line(value.Line)}: {Name(key)}: unknown key");
        }

        foreach (var section in _sections)
        {
            section.RefuseUnknown();
        }
    }

    private static YamlSection Open(YamlSource source, string path, YamlNode? node, long line)
    {
        var section = new YamlSection(source, path, isGiven: node is not null);
        if (node is YamlMappingNode mapping)
        {
            foreach (var (key, value) in mapping.Children)
            {
                var name = (key as YamlScalarNode)?.Value ?? "?";
                section._values[name] = (value, key.Start.Line);
                section._lines[name] = key.Start.Line;
            }
        }
        else if (node is not null && !IsNull(node))
        {
            source.Faults.Add($"{source.Line(line)}: {(path.Length == 0 ? "the file" : path)}: wanted keys and values, found {(node is YamlScalarNode ? "a single value" : "a list")}");
        }

        return section;
    }

    private (string? Text, string Place) Take(string key, string? environment)
    {
        var given = _values.Remove(key, out var value);
        if (environment is not null && _source.Environment(environment) is { Length: > 0 } text)
        {
            return (text, $"environment variable {environment}");
        }

        if (!given || IsNull(value.Node))
        {
            return (null, _source.File);
        }

        if (value.Node is YamlScalarNode scalar && !scalar.Value!.Any(char.IsControl))
        {
            return (scalar.Value, _source.Line(value.Line));
        }

        var found = value.Node is YamlScalarNode ? "control characters" : "something nested";
        FaultAt(_source.Line(value.Line), Name(key), "a single value on one line", found);
        return (null, _source.File);
    }

    private static bool IsNull(YamlNode node) =>
        node is YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain, Value: null or "" or "~" or "null" };

    private string Name(string key) => _path.Length == 0 ? key : $"{_path}.{key}";

    private void FaultAt(string place, string name, string wanted, string found) => _source.Faults.Add($"{place}: {name}: wanted {wanted}, found {found}");
}

/// <summary>Where a configuration comes from, and what was wrong in it.</summary>
internal sealed record YamlSource(string File, Func<string, string?> Environment)
{
    public List<string> Faults { get; } = [];

    public string Line(long line) => string.Create(CultureInfo.InvariantCulture, $"{File}:{line}");
}
