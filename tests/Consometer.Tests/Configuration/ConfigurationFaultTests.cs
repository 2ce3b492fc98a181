using Consometer.Configuration;

namespace Consometer.Tests.Configuration;

/// <summary>Configurations that are wrong: each fault says where, what was wanted and what was found, and all are told at once.</summary>
public sealed class ConfigurationFaultTests
{
    public static TheoryData<string> UnknownKeys() =>
    [
        "regoin", "credentials.openstak", "credentials.openstack.keystone_url", "credentials.rabbit.hostname", "swift.ring", "projects.files",
        "meters.storage.object", "publish.size", "store.file", "graphite.host", "status.port", "cluster.tasks",
    ];

    [Theory]
    [MemberData(nameof(UnknownKeys))]
    public void A_key_that_nobody_knows_is_a_fault_at_every_level(string key)
    {
        var (yaml, line) = WithKey(key, "x");

        Assert.Equal([$"file:{line}: {key}: unknown key"], ConfigurationText.Faults(yaml));
    }

    [Theory]
    [InlineData("workers: 0", "a whole number from 1 to 4096")]
    [InlineData("workers: 4097", "a whole number from 1 to 4096")]
    [InlineData("workers: -1", "a whole number")]
    [InlineData("workers: many", "a whole number")]
    [InlineData("workers: [1]", "a single value")]
    [InlineData("workers: {a: 1}", "a single value")]
    [InlineData("timeout: 3600", "a duration")]
    [InlineData("timeout: 999ms", "from 1s to 366d")]
    [InlineData("timeout: 1500ms", "whole seconds")]
    [InlineData("timeout: -1h", "a duration")]
    [InlineData("timeout: 0s", "a duration")]
    [InlineData("timeout: 367d", "a duration")]
    [InlineData("polling_share: 0", "a number from 0.05 to 1")]
    [InlineData("polling_share: 80%", "a number from 0.05 to 1")]
    [InlineData("log_level: loud", "one of debug, info")]
    [InlineData("strategy: fastest", "one of direct, proxy, auto")]
    [InlineData("projects: { source: db }", "one of keystone, file")]
    [InlineData("projects: { source: file }", "the file that lists the projects")]
    [InlineData("projects: { include_disabled: maybe }", "true or false")]
    [InlineData("projects: { domains: [[a]] }", "a list of values")]
    [InlineData("meters: { storage.objects: sometimes }", "true or false")]
    [InlineData("meters: storage.objects", "keys and values, found a single value")]
    [InlineData("store: [a]", "keys and values, found a list")]
    public void A_bad_value_is_a_fault_that_says_what_is_wanted(string line, string wanted) =>
        Assert.Contains(wanted, Assert.Single(ConfigurationText.Faults(ConfigurationText.Least + line)), StringComparison.Ordinal);

    [Theory]
    [InlineData("network: backend", "one of client, replication")]
    [InlineData("workers_per_node: 0", "a whole number")]
    [InlineData("conn_timeout: 0ms", "a duration")]
    [InlineData("conn_timeout: 30d", "a duration")]
    [InlineData("node_timeout: 10", "a duration")]
    [InlineData("node_timeout: 366d", "a duration")]
    [InlineData("absent_accounts: maybe", "one of zero, skip")]
    [InlineData("scope: mine", "one of all, local")]
    [InlineData("replicas: both", "one of one, all")]
    [InlineData("read_affinity: nearest", "regions and zones with a number each")]
    [InlineData("read_affinity: r1=100 r2=200", "regions and zones with a number each")]
    [InlineData("requests_per_second: -1", "a number from 0")]
    [InlineData("error_suppression_limit: 0", "a whole number from 1")]
    [InlineData("error_suppression_interval: 60", "a duration")]
    [InlineData("reseller_prefix: { a: b }", "a list of values")]
    [InlineData("reseller_prefix: []", "at least one")]
    [InlineData("reseller_prefix: [AUTH, '']", "an empty prefix first")]
    public void A_bad_value_of_the_swift_section_is_a_fault(string pair, string wanted) =>
        Assert.Contains(wanted, Assert.Single(ConfigurationText.Faults(ConfigurationText.Least.Replace("swift: {}", $"swift: {{ {pair} }}", StringComparison.Ordinal))), StringComparison.Ordinal);

    [Theory]
    [InlineData("keystone_uri: https://keystone:5000", "keystone_uri: keystone:5000", "an http or https URL")]
    [InlineData("keystone_uri: https://keystone:5000", "keystone_uri: ftp://keystone", "an http or https URL")]
    [InlineData("keystone_uri: https://keystone:5000", "keystone_uri: ''", "keystone_uri")]
    [InlineData("keystone_uri: https://keystone:5000", "keystone_uri:", "keystone_uri: wanted a value")]
    [InlineData("swift_conso_user: meter", "swift_conso_user: ''", "swift_conso_user")]
    [InlineData("swift_conso_password: s3cret", "swift_conso_password:", "swift_conso_password: wanted a value")]
    [InlineData("system_scope: all", "system_scope: domain", "found system_scope: domain")]
    [InlineData("system_scope: all", "swift_conso_domain: default", "found neither")]
    [InlineData("system_scope: all", "system_scope: all\n    swift_conso_tenant: service", "found both")]
    public void Credentials_that_are_none_are_a_fault(string line, string instead, string says) =>
        Assert.Contains(says, Assert.Single(ConfigurationText.Faults(ConfigurationText.Least.Replace(line, instead, StringComparison.Ordinal))), StringComparison.Ordinal);

    [Fact]
    public void Every_fault_is_told_at_once()
    {
        var faults = ConfigurationText.Faults("regoin: x\nworkers: 0\ntimeout: soon\nlog_level: loud\nswift: { network: x, ring: y }\nmeters: { nothing: true }\n");

        string[] keys = ["regoin", "workers", "timeout", "log_level", "swift.network", "swift.ring", "meters.nothing", "credentials.openstack.keystone_uri", "credentials.openstack.swift_conso_user", "credentials.openstack.swift_conso_password", "credentials.openstack.swift_conso_tenant"];
        Assert.Equal(keys.Order(), faults.Select(fault => fault.Split(": ")[1]).Order());
        Assert.All(["file:1: regoin", "file:2: workers", "file:3: timeout", "file:4: log_level", "file:5: swift.network", "file:5: swift.ring"], place => Assert.Contains(faults, fault => fault.StartsWith(place, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("a: [")]
    [InlineData("a: b: c")]
    [InlineData("region: x\nregion: y")]
    [InlineData("region: &a x\ntimeout: *b")]
    [InlineData("\"")]
    public void What_is_no_YAML_is_one_fault_with_a_line(string yaml) => Assert.Matches(@"^file:\d+: wanted YAML, found ", Assert.Single(ConfigurationText.Faults(yaml)));

    [Fact]
    public void A_second_document_is_not_passed_over() =>
        Assert.Equal(["file:10: wanted one YAML document, found another"], ConfigurationText.Faults(ConfigurationText.Least + "\n---\nregion: x\n"));

    [Theory]
    [InlineData("just text")]
    [InlineData("- a\n- b")]
    public void What_is_no_mapping_is_a_fault(string yaml) => Assert.Contains("wanted keys and values", ConfigurationText.Faults(yaml)[0], StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("---\n")]
    public void An_empty_file_lacks_what_has_no_default(string yaml)
    {
        var faults = ConfigurationText.Faults(yaml);

        Assert.Contains(faults, fault => fault.Contains("keystone_uri", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        using var text = new ConfigurationText();

        Assert.Contains($"{text.File}: no such file", Assert.Throws<ConfigurationException>(() => ConfigurationFile.Load(text.File, _ => null)).Message, StringComparison.Ordinal);
        Assert.Contains($"{text.File}: no such file", Assert.Throws<ConfigurationException>(() => ConfigurationFile.Load(text.Folder, _ => null)).Message, StringComparison.Ordinal);
        Assert.Throws<ConfigurationException>(() => ConfigurationFile.Load("", _ => null));
    }

    /// <summary>The least configuration with one more key, and the line that the key is on.</summary>
    private static (string Yaml, int Line) WithKey(string key, string value)
    {
        var levels = key.Split('.', key.StartsWith("meters.", StringComparison.Ordinal) ? 2 : 3);
        var parent = string.Join('.', levels[..^1]);
        var leaf = levels[^1];
        return parent switch
        {
            "" => ($"{ConfigurationText.Least}{leaf}: {value}\n", 8),
            "credentials" => (ConfigurationText.Least.Replace("credentials:\n", $"credentials:\n  {leaf}: {value}\n", StringComparison.Ordinal), 2),
            "credentials.openstack" => (ConfigurationText.Least.Replace("  openstack:\n", $"  openstack:\n    {leaf}: {value}\n", StringComparison.Ordinal), 3),
            "credentials.rabbit" => (ConfigurationText.Least.Replace("credentials:\n", $"credentials:\n  rabbit:\n    {leaf}: {value}\n    host: mq\n    user: u\n    password: p\n", StringComparison.Ordinal), 3),
            "swift" => (ConfigurationText.Least.Replace("swift: {}", $"swift:\n  {leaf}: {value}", StringComparison.Ordinal), 8),
            _ => ($"{ConfigurationText.Least}{parent}:\n  {leaf}: {value}\n", 9),
        };
    }
}
