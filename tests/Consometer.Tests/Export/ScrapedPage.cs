using System.Globalization;
using System.Text.RegularExpressions;

namespace Consometer.Tests.Export;

/// <summary>A page in Prometheus' text format, read as strictly as its manual describes it: who reads it here need not check the form again.</summary>
internal sealed partial class ScrapedPage
{
    private readonly Dictionary<string, double> _series = [];
    private readonly Dictionary<string, string> _types = [];

    public ScrapedPage(string text)
    {
        Text = text;
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        string? family = null;
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                family = line.Split(' ')[2];
                Assert.True(line.Length > $"# HELP {family} ".Length, $"no help: {line}");
            }
            else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                Assert.Equal(family, line.Split(' ')[2]);
                Assert.True(_types.TryAdd(family!, line.Split(' ')[3]), $"a second time: {line}");
            }
            else
            {
                Add(family, line);
            }
        }
    }

    public string Text { get; }

    public IEnumerable<string> Families => _types.Keys;

    /// <summary>The lines of the families whose names begin so.</summary>
    public string Only(string prefix) => string.Concat(Text.Split('\n').Where(line => line.Replace("# HELP ", "", StringComparison.Ordinal).Replace("# TYPE ", "", StringComparison.Ordinal).StartsWith(prefix, StringComparison.Ordinal)).Select(line => line + "\n"));

    public double this[string series] =>
        _series.TryGetValue(series, out var value) ? value : throw Xunit.Sdk.FailException.ForFailure($"wanted {series}, found\n{string.Join('\n', _series.Keys.Where(key => key.Split('{')[0] == series.Split('{')[0]))}");

    public bool Has(string series) => _series.ContainsKey(series);

    public string TypeOf(string family) => _types[family];

    /// <summary>The sum of a family's series that have this in their labels.</summary>
    public double Sum(string family, string label = "") =>
        _series.Where(each => each.Key.Split('{')[0] == family && each.Key.Contains(label, StringComparison.Ordinal)).Sum(each => each.Value);

    public int Count(string family) => _series.Keys.Count(key => key.Split('{')[0] == family);

    /// <summary>The names of the labels of a series' first.</summary>
    public IEnumerable<string> LabelsOf(string series) => LabelName().Matches(_series.Keys.First(key => key.Split('{')[0] == series)).Select(label => label.Groups["name"].Value);

    private void Add(string? family, string line)
    {
        var match = Sample().Match(line);
        Assert.True(match.Success, $"no sample: {line}");
        var name = match.Groups["name"].Value;
        Assert.True(name == family || (_types[family!] == "histogram" && HistogramSuffix().Replace(name, "") == family), $"{line} among {family}");
        Assert.True(_series.TryAdd(name + match.Groups["labels"].Value, double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture)), $"a second time: {line}");
    }

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?<labels>\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\[\\n"])*",?)+\})? (?<value>NaN|[-+]?(Inf|[0-9.]+([eE][-+]?[0-9]+)?))$""")]
    private static partial Regex Sample();

    [GeneratedRegex("""(?<=[{,])(?<name>[a-zA-Z_]\w*)=""", RegexOptions.ExplicitCapture)]
    private static partial Regex LabelName();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex HistogramSuffix();
}
