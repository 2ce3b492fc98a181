using Consometer.Configuration;
using Consometer.Status;

namespace Consometer.Tests.Configuration;

/// <summary>The section <c>cluster</c>, as text becomes options.</summary>
public sealed class ClusterSectionTests
{
    private const string NoGauges = "meters: { storage.objects: false, storage.objects.size: false, storage.objects.containers: false }\nrequests: { file: a }\n";

    private static readonly string WithBroker =
        ConfigurationText.Least.Replace("credentials:\n", "credentials:\n  rabbit: { host: mq, user: u, password: p }\n", StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("cluster: {}\n")]
    [InlineData("cluster: { mode: single }\n")]
    public void A_daemon_is_alone_where_nothing_else_is_said(string cluster)
    {
        var options = ConfigurationText.Load(WithBroker + cluster);

        Assert.Null(options.Sharing);
        Assert.Empty(options.WithoutEffect);
        Assert.Equal(["cluster.mode=single"], Listed(options));
    }

    [Fact]
    public void The_mode_is_enough_and_the_prefix_is_the_region_s()
    {
        var options = ConfigurationText.Load("region: int5\n" + WithBroker + "cluster: { mode: shared }\n");

        Assert.Equal(new SharingOptions(1000, "consometer.int5"), options.Sharing);
        Assert.Equal(["cluster.mode=shared", "cluster.task_accounts=1000", "cluster.prefix=consometer.int5"], Listed(options));
        Assert.Equal("consometer.RegionOne", ConfigurationText.Load(WithBroker + "cluster: { mode: shared, prefix: '' }\n").Sharing!.Prefix);
    }

    [Fact]
    public void Every_key_is_read_and_listed()
    {
        var options = ConfigurationText.Load(WithBroker + "cluster: { mode: shared, task_accounts: 20000, prefix: a.b }\n");

        Assert.Equal(new SharingOptions(20_000, "a.b"), options.Sharing);
        Assert.Empty(options.WithoutEffect);
        Assert.Equal(["cluster.mode=shared", "cluster.task_accounts=20000", "cluster.prefix=a.b"], Listed(options));
    }

    [Theory]
    [InlineData("task_accounts: 10", "cluster.task_accounts, without cluster.mode: shared,")]
    [InlineData("mode: single, prefix: a", "cluster.prefix, without cluster.mode: shared,")]
    [InlineData("prefix: a, task_accounts: 10", "cluster.task_accounts, without cluster.mode: shared,", "cluster.prefix, without cluster.mode: shared,")]
    public void What_is_only_of_sharing_has_no_effect_on_one_that_is_alone(string cluster, params string[] keys) =>
        Assert.Equal(keys, ConfigurationText.Load(WithBroker + $"cluster: {{ {cluster} }}\n").WithoutEffect);

    [Theory]
    [InlineData("mode: both", "cluster.mode: wanted one of single, shared, found \"both\"")]
    [InlineData("mode: shared, task_accounts: 0", "cluster.task_accounts: wanted a whole number from 1 to 20000, found \"0\"")]
    [InlineData("task_accounts: 20001", "cluster.task_accounts: wanted a whole number from 1 to 20000")]
    [InlineData("mode: shared, prefix: amq.conso", "cluster.prefix: wanted at most 200 bytes, and none of the broker's own names, found \"amq.conso\"")]
    public void What_is_wrong_is_told(string cluster, string wanted) =>
        Assert.Contains(wanted, Assert.Single(ConfigurationText.Faults(WithBroker + $"cluster: {{ {cluster} }}\n")), StringComparison.Ordinal);

    [Theory]
    [InlineData(200, true)]
    [InlineData(201, false)]
    public void A_prefix_leaves_room_for_the_names_of_queues(int bytes, bool isTaken)
    {
        // Two bytes each, and one more.
        var prefix = new string('ü', bytes / 2) + new string('a', bytes % 2);
        var yaml = WithBroker + $"cluster: {{ mode: shared, prefix: {prefix} }}\n";

        if (isTaken)
        {
            Assert.Equal(prefix, ConfigurationText.Load(yaml).Sharing!.Prefix);
        }
        else
        {
            Assert.Contains("cluster.prefix: wanted at most 200 bytes", Assert.Single(ConfigurationText.Faults(yaml)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Without_a_broker_a_round_cannot_be_shared() =>
        Assert.Equal(
            ["file:8: cluster.mode: wanted credentials.rabbit too, since a round is shared over the broker, found none"],
            ConfigurationText.Faults(ConfigurationText.Least + "cluster: { mode: shared }\n"));

    [Fact]
    public void A_host_that_has_its_own_share_has_none_of_another() =>
        Assert.Equal(
            ["file:9: cluster.mode: wanted single, since swift.scope is local: each host has its share then, found shared"],
            ConfigurationText.Faults(WithBroker.Replace("swift: {}", "swift: { scope: local }", StringComparison.Ordinal) + "cluster: { mode: shared }\n"));

    [Fact]
    public void Where_there_are_no_rounds_there_is_nothing_to_share()
    {
        var fault = Assert.Single(ConfigurationText.Faults(WithBroker + "cluster: { mode: shared }\n" + NoGauges));

        Assert.EndsWith("cluster.mode: wanted single, since requests alone are counted: there is no round to share, found shared", fault, StringComparison.Ordinal);
        Assert.NotNull(ConfigurationText.Load(WithBroker + "cluster: { mode: shared }\nrequests: { file: a }\n").Sharing);
    }

    private static IEnumerable<string> Listed(ConsometerOptions options) =>
        ConfigurationListing.Of(options).Where(entry => entry.Key.StartsWith("cluster.", StringComparison.Ordinal)).Select(entry => $"{entry.Key}={entry.Value}");
}
