using System.Text.Json;
using System.Text.RegularExpressions;

namespace Consometer.Tests.Packages;

/// <summary>The dashboard, as Grafana imports it.</summary>
public sealed partial class DashboardTests : IDisposable
{
    private readonly JsonDocument _dashboard = JsonDocument.Parse(File.ReadAllText(Repository.Find("etc", "grafana", "consometer.json")));

    private JsonElement[] Panels => [.. _dashboard.RootElement.GetProperty("panels").EnumerateArray()];

    private IEnumerable<JsonElement> Graphs => Panels.Where(panel => panel.GetProperty("type").GetString() != "row");

    public void Dispose() => _dashboard.Dispose();

    [Fact]
    public void It_goes_by_metrics_and_variables_that_there_are()
    {
        var variables = _dashboard.RootElement.GetProperty("templating").GetProperty("list").EnumerateArray().Select(variable => variable.GetProperty("name").GetString()!)
            .Append("__rate_interval").ToArray();
        var expressions = Graphs.SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).Select(target => target.GetProperty("expr").GetString()!).ToArray();

        Assert.InRange(expressions.Length, 20, int.MaxValue);
        Assert.All(expressions, expression =>
        {
            MetricNames.AssertKnown(expression);
            Assert.Empty(Variable().Matches(expression).Select(match => match.Groups["name"].Value).Except(variables));
            Assert.Contains("$instance", expression, StringComparison.Ordinal);
        });
    }

    /// <summary>What asks another source than the one that is chosen shows nothing, or somebody else's.</summary>
    [Fact]
    public void Whoever_imports_it_chooses_the_source_and_every_panel_has_that_one()
    {
        var input = Assert.Single(_dashboard.RootElement.GetProperty("__inputs").EnumerateArray());

        Assert.Equal(("datasource", "prometheus"), (input.GetProperty("type").GetString(), input.GetProperty("pluginId").GetString()));
        Assert.All(
            Graphs.SelectMany(panel => panel.GetProperty("targets").EnumerateArray().Append(panel)),
            asks => Assert.Equal($"${{{input.GetProperty("name").GetString()}}}", asks.GetProperty("datasource").GetProperty("uid").GetString()));
    }

    [Fact]
    public void Every_panel_says_what_it_shows_and_none_lies_on_another()
    {
        var taken = new HashSet<(int X, int Y)>();

        Assert.All(Graphs, panel => Assert.False(string.IsNullOrEmpty(panel.GetProperty("description").GetString())));
        Assert.Equal(Panels.Length, Panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        Assert.All(Panels, panel =>
        {
            var (x, y, width, height) = (At(panel, "x"), At(panel, "y"), At(panel, "w"), At(panel, "h"));
            Assert.InRange(x + width, 1, 24);
            Assert.All(from i in Enumerable.Range(x, width) from j in Enumerable.Range(y, height) select (i, j), place => Assert.True(taken.Add(place)));
        });
    }

    private static int At(JsonElement panel, string key) => panel.GetProperty("gridPos").GetProperty(key).GetInt32();

    [GeneratedRegex(@"\$(?<name>\w+)")]
    private static partial Regex Variable();
}
