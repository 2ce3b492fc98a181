using YamlDotNet.RepresentationModel;

namespace Consometer.Tests.Packages;

/// <summary>A node of a YAML file. What is asked for must be there, or the test fails with the place.</summary>
internal sealed class YamlTree
{
    private readonly YamlNode _node;
    private readonly string _place;

    private YamlTree(YamlNode node, string place)
    {
        _node = node;
        _place = place;
    }

    public string Text => Assert.IsType<YamlScalarNode>(_node).Value!;

    public IEnumerable<YamlTree> Items => Assert.IsType<YamlSequenceNode>(_node).Children.Select((item, i) => new YamlTree(item, $"{_place}[{i}]"));

    public IEnumerable<string> Texts => Items.Select(item => item.Text);

    /// <summary>Of a mapping of texts.</summary>
    public IReadOnlyDictionary<string, string> TextByKey => Mapping.ToDictionary(pair => ((YamlScalarNode)pair.Key).Value!, pair => Assert.IsType<YamlScalarNode>(pair.Value).Value!);

    private IDictionary<YamlNode, YamlNode> Mapping => Assert.IsType<YamlMappingNode>(_node).Children;

    public YamlTree this[string key]
    {
        get
        {
            Assert.True(Has(key), $"{_place} has no {key}");
            return new YamlTree(Mapping[new YamlScalarNode(key)], $"{_place}.{key}");
        }
    }

    public static YamlTree[] Load(params string[] path)
    {
        using var reader = new StreamReader(Repository.Find(path));
        var yaml = new YamlStream();
        yaml.Load(reader);
        Assert.NotEmpty(yaml.Documents);
        return [.. yaml.Documents.Select(document => new YamlTree(document.RootNode, path[^1]))];
    }

    public bool Has(string key) => Mapping.ContainsKey(new YamlScalarNode(key));

    public override string ToString() => _place;
}
