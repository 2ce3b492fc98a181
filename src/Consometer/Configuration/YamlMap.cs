using YamlDotNet.RepresentationModel;

namespace Consometer.Configuration;

/// <summary>
/// A mapping of somebody else's YAML, of which this program knows only some keys. A <c>&lt;&lt;</c> in it is merged, under its own keys.
/// </summary>
internal sealed class YamlMap
{
    private readonly Dictionary<string, (YamlNode Node, long Line)> _values = new(StringComparer.Ordinal);

    private YamlMap()
    {
    }

    public static YamlMap Empty { get; } = new();

    /// <summary>Its keys in words, for the one who asked for another.</summary>
    public string Names => _values.Count == 0 ? "none" : "are " + string.Join(", ", _values.Keys);

    /// <summary>The keys with a single value; an absent one, null, is none.</summary>
    public IEnumerable<(string Key, string Text, long Line)> Texts =>
        from pair in _values
        let text = TextOf(pair.Value.Node is YamlSequenceNode { Children: [var first, ..] } ? first : pair.Value.Node)
        where text is not null
        select (pair.Key, text, pair.Value.Line);

    /// <returns>Null if the node is no mapping.</returns>
    public static YamlMap? Of(YamlNode? node)
    {
        if (node is not YamlMappingNode mapping)
        {
            return null;
        }

        var map = new YamlMap();
        map.Add(mapping, depth: 0);
        return map;
    }

    public YamlMap? Map(string key) => _values.TryGetValue(key, out var value) ? Of(value.Node) : null;

    public string? Text(string key) => _values.TryGetValue(key, out var value) ? TextOf(value.Node) : null;

    /// <summary>The first of a list, or the <c>name</c> of that.</summary>
    public (string Text, long Line)? First(string key) =>
        _values.TryGetValue(key, out var value) && value.Node is YamlSequenceNode { Children: [var first, ..] } && (TextOf(first) ?? Of(first)?.Text("name")) is { } text
            ? (text, value.Line)
            : null;

    private static string? TextOf(YamlNode node) =>
        node is YamlScalarNode { Value: { } text } scalar && !(scalar.Style == YamlDotNet.Core.ScalarStyle.Plain && text is "" or "~" or "null") ? text : null;

    private void Add(YamlMappingNode mapping, int depth)
    {
        // A mapping may be merged into itself.
        const int DepthMax = 8;
        foreach (var (key, value) in mapping.Children)
        {
            if (key is YamlScalarNode { Value: { } name } && name != "<<")
            {
                _values.TryAdd(name, (value, key.Start.Line));
            }
        }

        var merged = mapping.Children.Where(pair => pair.Key is YamlScalarNode { Value: "<<" }).SelectMany(pair => pair.Value is YamlSequenceNode list ? list.Children : (IEnumerable<YamlNode>)[pair.Value]);
        foreach (var other in merged.OfType<YamlMappingNode>().Where(_ => depth < DepthMax))
        {
            Add(other, depth + 1);
        }
    }
}
