using System.Net;
using Consometer.Configuration;
using Consometer.Delivery.Publishing;
using Consometer.Swift.Accounts;
using Consometer.Swift.Keystone;
using Serilog.Events;

namespace Consometer.Tests.Configuration;

/// <summary>Configurations that are good: every key, every default, and the environment over them.</summary>
public sealed class ConfigurationFileTests
{
    [Fact]
    public void What_is_not_said_has_its_default()
    {
        var options = ConfigurationText.Load(ConfigurationText.Least);

        Assert.Equal(("RegionOne", TimeSpan.FromHours(1), 32, LogEventLevel.Information), (options.Region, options.Period, options.Workers, options.LogLevel));
        Assert.Equal("user meter of domain default, system all", options.Keystone!.ToString());
        Assert.Equal(new Uri("https://keystone:5000"), options.Keystone.Endpoint);
        Assert.Equal(("/etc/swift/account.ring.gz", "/etc/swift/swift.conf"), (options.Swift.RingPath, options.Swift.ConfPath));
        Assert.Equal(["AUTH_"], options.Swift.ResellerPrefixes);
        Assert.Equal((Network.Client, 4, true), (options.Swift.Servers.Network, options.Swift.WorkersPerNode, options.Swift.AbsentIsZero));
        Assert.Equal((TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(10)), (options.Swift.Servers.ConnectTimeout, options.Swift.Servers.NodeTimeout));
        Assert.Equal((null, true), (options.Projects.FilePath, options.Projects.IncludeDisabled));
        Assert.Empty(options.Projects.Domains);
        Assert.Equal((TimeSpan.FromHours(24), TimeSpan.FromDays(30), false), (options.Projects.CacheMaxAge, options.Projects.OrphansFor, options.Projects.MetersOrphans));
        Assert.Equal(["storage.objects", "storage.objects.size", "storage.objects.containers"], options.Meters.Select(meter => meter.Name));
        Assert.Equal("/var/lib/swift-consometer/consometer.db", options.StorePath);
        Assert.Empty(options.WithoutEffect);
    }

    [Fact]
    public void Every_key_that_is_said_is_taken()
    {
        using var text = new ConfigurationText();
        var options = text.Read("""
            region: Zürich
            timeout: 7m
            workers: 4096
            log_level: warn
            strategy: direct
            credentials: { openstack: { keystone_uri: "http://k/identity", swift_conso_user: u, swift_conso_password: p, swift_conso_tenant: service, swift_conso_domain: Default } }
            swift:
              dir: rings
              conf: /etc/other/swift.conf
              reseller_prefix: [AUTH, SERVICE_]
              network: Replication
              read_affinity: ""
              scope: all
              workers_per_node: 1
              conn_timeout: 1s
              node_timeout: 1m30s
              replicas: one
              absent_accounts: skip
            projects: { source: file, file: projects.txt, include_disabled: false, domains: [a, b], cache_max_age: 1h30m, orphan_days: 0, meter_orphans: true }
            meters: { storage.objects: false, storage.objects.containers: true }
            store: { path: samples.db }
            """);

        Assert.Equal(("Zürich", TimeSpan.FromMinutes(7), 4096, LogEventLevel.Warning), (options.Region, options.Period, options.Workers, options.LogLevel));
        Assert.Equal("user u of domain Default, project service of domain Default", options.Keystone!.ToString());
        Assert.Equal(new Secret("p"), Assert.IsType<KeystoneCredentials.Password>(options.Keystone.Credentials).Text);
        Assert.Equal((Path.Combine(text.Folder, "rings", "account.ring.gz"), "/etc/other/swift.conf"), (options.Swift.RingPath, options.Swift.ConfPath));
        Assert.Equal(["AUTH_", "SERVICE_"], options.Swift.ResellerPrefixes);
        Assert.Equal((Network.Replication, 1, false), (options.Swift.Servers.Network, options.Swift.WorkersPerNode, options.Swift.AbsentIsZero));
        Assert.Equal((TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(90)), (options.Swift.Servers.ConnectTimeout, options.Swift.Servers.NodeTimeout));
        Assert.Equal((Path.Combine(text.Folder, "projects.txt"), false), (options.Projects.FilePath, options.Projects.IncludeDisabled));
        Assert.Equal(["a", "b"], options.Projects.Domains);
        Assert.Equal((TimeSpan.FromMinutes(90), TimeSpan.Zero, true), (options.Projects.CacheMaxAge, options.Projects.OrphansFor, options.Projects.MetersOrphans));
        Assert.Equal(["storage.objects.size", "storage.objects.containers"], options.Meters.Select(meter => meter.Name));
        Assert.Equal(Path.Combine(text.Folder, "samples.db"), options.StorePath);
    }

    [Fact]
    public void Every_meter_can_be_turned_on_and_off_by_its_name()
    {
        const string Requests = "requests: { file: access.log }\n";
        foreach (var meter in Consometer.Metering.Samples.MeterCatalogue.All)
        {
            Assert.Contains(meter, ConfigurationText.Load($"{ConfigurationText.Least}{Requests}meters: {{ {meter.Name}: true }}\n").Meters);
            Assert.DoesNotContain(meter, ConfigurationText.Load($"{ConfigurationText.Least}{Requests}meters: {{ {meter.Name}: false }}\n").Meters);
        }
    }

    /// <summary>The sample of DESIGN.md, where the password and the rabbit's values are three dots.</summary>
    [Fact]
    public void The_sample_of_the_design_is_a_configuration()
    {
        var options = ConfigurationText.Load("""
            region: RegionOne                 # SWIFT_REGION
            timeout: 1h                       # PERIOD: the period of rounds; a round's own time limits derive from it
            workers: 32                       # WORKERS: requests in flight at most
            log_level: info                   # LOG_LEVEL
            strategy: direct                  # direct | proxy | auto
            credentials:
              openstack:                      # or cloud: NAME (clouds.yaml), or OS_* variables
                keystone_uri: https://keystone:5000
                swift_conso_user: meter
                swift_conso_password: …
                swift_conso_tenant: service   # or system_scope: all
                swift_conso_domain: default   # an id or a name
              rabbit: { host: …, user: …, password: …, vhost: openstack, exchange: swift_consometer, routing_key: metering, queue: processor.collector }
            swift:
              dir: /etc/swift                 # account.ring.gz
              conf: /etc/swift/swift.conf     # hash prefix and suffix
              reseller_prefix: AUTH_          # or a list
              network: client                 # client | replication
              read_affinity: ""               # as the proxy's: "r1z1=100, r1=200"
              scope: all                      # all | local (accounts whose first primary is on this host)
              workers_per_node: 4
              conn_timeout: 500ms
              node_timeout: 10s
              replicas: one                   # one | all (compare, and report disagreement)
              absent_accounts: zero           # zero | skip
            projects: { source: keystone, file: null, include_disabled: true, domains: [] }   # source: keystone | file (one project id a line)
            meters: { storage.objects: true, storage.objects.size: true, storage.objects.containers: true }   # others default to false
            publish: { format: consometer, batch_size: 200 }      # consometer | ceilometer
            store: { path: /var/lib/swift-consometer/consometer.db }
            graphite: { hostname: null, port: 2003, prefix: swift-consometer }
            status: { listen: 127.0.0.1:8080 }       # port 0: any free one, named in the log
            """);

        Assert.Equal("user meter of domain default, project service of domain default", options.Keystone!.ToString());
        Assert.Equal((null, new IPEndPoint(IPAddress.Loopback, 8080)), (options.Graphite, options.Status.Listen));
        Assert.Equal(new Destination("swift_consometer", "metering", "processor.collector", new Durability(Exchange: false, Queue: true)), Assert.Single(options.Delivery!.Publications).Destination);
    }

    [Fact]
    public void The_environment_goes_over_the_file_and_an_empty_variable_over_nothing()
    {
        var yaml = "region: File\ntimeout: 2h\nworkers: 2\nlog_level: error\n" + ConfigurationText.Least;
        var over = ConfigurationText.Load(yaml, ("SWIFT_REGION", "Env"), ("PERIOD", "30s"), ("WORKERS", "7"), ("LOG_LEVEL", "debug"));
        var under = ConfigurationText.Load(yaml, ("SWIFT_REGION", ""), ("PERIOD", ""), ("WORKERS", ""), ("LOG_LEVEL", ""));

        Assert.Equal(("Env", TimeSpan.FromSeconds(30), 7, LogEventLevel.Debug), (over.Region, over.Period, over.Workers, over.LogLevel));
        Assert.Equal(("File", TimeSpan.FromHours(2), 2, LogEventLevel.Error), (under.Region, under.Period, under.Workers, under.LogLevel));
    }

    [Fact]
    public void The_environment_mends_a_file_that_is_wrong_and_is_blamed_by_its_own_name()
    {
        Assert.Equal(3, ConfigurationText.Load("workers: many\n" + ConfigurationText.Least, ("WORKERS", "3")).Workers);
        Assert.StartsWith("environment variable WORKERS: workers: ", Assert.Single(ConfigurationText.Faults("workers: 3\n" + ConfigurationText.Least, ("WORKERS", "many"))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("reseller_prefix: AUTH_", "AUTH_")]
    [InlineData("reseller_prefix: AUTH", "AUTH_")]
    [InlineData("reseller_prefix: [AUTH, AUTH_, SERVICE]", "AUTH_,SERVICE_")]
    [InlineData("reseller_prefix: ''", "")]
    [InlineData("reseller_prefix: ['', SERVICE]", ",SERVICE_")]
    [InlineData("reseller_prefix: ~", "AUTH_")]
    public void Reseller_prefixes_are_one_or_a_list_with_their_underscore(string line, string prefixes)
    {
        var options = ConfigurationText.Load(ConfigurationText.Least.Replace("swift: {}", $"swift: {{ {line} }}", StringComparison.Ordinal));

        Assert.Equal(prefixes.Split(','), options.Swift.ResellerPrefixes);
    }

    [Fact]
    public void A_folder_is_read_for_its_consometer_yaml()
    {
        using var text = new ConfigurationText();
        text.Read(ConfigurationText.Least);

        Assert.StartsWith("user meter", ConfigurationFile.Load(text.Folder, _ => null).Keystone!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void With_projects_in_a_file_no_Keystone_is_needed()
    {
        var options = ConfigurationText.Load("swift: {}\nprojects: { source: file, file: /srv/projects }\n");

        Assert.Equal((null, "/srv/projects"), (options.Keystone, options.Projects.FilePath));
    }
}
