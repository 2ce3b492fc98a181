using Consometer.Configuration;

namespace Consometer.Tests.Configuration;

/// <summary>The key <c>strategy</c>, and what goes with each.</summary>
public sealed class StrategyTests
{
    private static readonly string OfTheOlderKind = ConfigurationText.Least.Replace("swift: {}", "", StringComparison.Ordinal);

    [Theory]
    [InlineData("", "swift: {}", nameof(Strategy.Direct))]
    [InlineData("", "", nameof(Strategy.Proxy))]
    [InlineData("strategy: direct", "", nameof(Strategy.Direct))]
    [InlineData("strategy: proxy", "swift: { reseller_prefix: A, absent_accounts: skip, node_timeout: 1s }", nameof(Strategy.Proxy))]
    [InlineData("strategy: Proxy", "", nameof(Strategy.Proxy))]
    [InlineData("strategy: auto", "swift: { scope: local, replicas: all, read_affinity: r1=1 }", nameof(Strategy.Auto))]
    public void It_is_what_is_said_and_else_proxy_where_there_is_no_section_swift(string line, string swift, string strategy) =>
        Assert.Equal(strategy, ConfigurationText.Load($"{OfTheOlderKind}{line}\n{swift}\n").Strategy.ToString());

    [Theory]
    [InlineData("scope: local", "scope: wanted all, since strategy is proxy and this needs the ring (strategy: direct or auto), found local")]
    [InlineData("replicas: all", "replicas: wanted one, since strategy is proxy")]
    [InlineData("read_affinity: r1=1", "read_affinity: wanted none, since strategy is proxy")]
    public void What_needs_the_ring_is_a_fault_with_proxy(string pair, string fault)
    {
        var told = Assert.Single(ConfigurationText.Faults($"{OfTheOlderKind}strategy: proxy\nswift: {{ {pair} }}\n"));

        Assert.StartsWith($"file: swift.{fault}", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("proxy")]
    [InlineData("auto")]
    public void Who_asks_the_proxy_needs_Keystone_for_the_token_wherever_the_projects_are_from(string strategy)
    {
        const string Projects = "swift: {}\nprojects: { source: file, file: projects.txt }\n";

        Assert.Null(ConfigurationText.Load(Projects).Keystone);
        Assert.Contains(ConfigurationText.Faults($"strategy: {strategy}\n{Projects}"), fault => fault.Contains("keystone_uri", StringComparison.Ordinal));
        Assert.NotNull(ConfigurationText.Load($"strategy: {strategy}\n{ConfigurationText.Least}projects: {{ source: file, file: projects.txt }}\n").Keystone);
    }

    [Fact]
    public void The_region_is_that_of_the_proxy() =>
        Assert.Equal("Zürich", ConfigurationText.Load("region: Zürich\n" + OfTheOlderKind).Keystone!.ObjectStore.Region);
}
