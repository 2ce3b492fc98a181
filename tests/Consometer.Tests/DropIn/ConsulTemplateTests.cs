using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Consometer.Configuration;
using Consometer.Delivery.Publishing;
using Consometer.Metering.Polling;
using Consometer.Swift.Accounts;
using Consometer.Swift.Keystone;
using Consometer.Tests.Configuration;
using Serilog.Events;

namespace Consometer.Tests.DropIn;

/// <summary><c>etc/consometer.yaml.ctmpl</c>, rendered and loaded.</summary>
public sealed class ConsulTemplateTests : IDisposable
{
    /// <summary>With all that YAML would take for something else.</summary>
    private const string Password = """p: "#'\%{{ ü""";

    private static readonly Dictionary<string, string> Consul = new()
    {
        ["config/openstack/catalog/RegionOne/data"] = """{"identity": {"admin_url": "http://keystone:35357/v2.0", "public_url": "http://keystone:5000"}}""",
        ["config/openstack/catalog/int5/data"] = """{"identity": {"admin_url": "https://admin.int5:35357"}}""",
    };

    private static readonly Dictionary<string, IReadOnlyDictionary<string, object?>> Vault = new()
    {
        ["secret/openstack/users/swift_consometer"] = new Dictionary<string, object?> { ["project"] = "services", ["password"] = Password },
        ["secret/rabbitmq/users/swift_consometer"] = new Dictionary<string, object?> { ["username"] = "conso", ["password"] = "r:" + Password },
    };

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Nothing is set but what has it load with the account-servers.</summary>
    [Fact]
    public void What_is_not_set_has_the_older_program_s_values_and_the_program_s_defaults()
    {
        var (options, yaml, _) = Load(("SWIFT_DIR", "/etc/swift"));
        var none = ConfigurationText.Load(ConfigurationText.Least);

        Assert.Equal((none.Region, none.Period, none.Workers, none.LogLevel, none.StorePath), (options.Region, options.Period, options.Workers, options.LogLevel, options.StorePath));
        Assert.Equal((none.Swift.RingPath, none.Swift.ConfPath), (options.Swift.RingPath, options.Swift.ConfPath));
        Assert.Equal(new Uri("http://keystone:35357"), options.Keystone!.Endpoint);
        Assert.Equal("user swift_consometer of domain default, project services of domain default", options.Keystone.ToString());
        Assert.Equal(new Secret(Password), Assert.IsType<KeystoneCredentials.Password>(options.Keystone.Credentials).Text);
        var broker = options.Delivery!.Broker;
        Assert.Equal((new BrokerHost("swift_consometer-queue.service", 5672), "conso", "r:" + Password, "openstack"), (Assert.Single(broker.Hosts), broker.User, broker.Password, broker.VirtualHost));
        var publication = Assert.Single(options.Delivery.Publications);
        Assert.Equal(("consometer", "exchange swift_consometer, routing key metering", "processor.collector"), (publication.Format.Name, publication.Destination.ToString(), publication.Destination.Queue));
        Assert.Empty(options.WithoutEffect);
        Assert.DoesNotContain("{{", yaml.Replace(Password.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal), "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_folder_of_rings_there_is_no_section_swift_and_the_file_is_of_the_older_kind() =>
        Assert.DoesNotContain("swift:", Render([]).Yaml, StringComparison.Ordinal);

    [Fact]
    public void All_that_is_set_is_taken_and_all_that_is_asked_for_was_set()
    {
        WriteCertificate();
        (string Name, string Value)[] set =
        [
            ("SWIFT_REGION", "int5"), ("PERIOD", "10m"), ("WORKERS", "7"), ("LOG_LEVEL", "panic"), ("LOG_FORMAT", "json"), ("STRATEGY", "direct"),
            ("KEYSTONE_DOMAIN", "Ops: #1"), ("KEYSTONE_CACERT", _folder.Find("client.pem")), ("KEYSTONE_SYSTEM_SCOPE", "all"), ("OBJECT_STORE_INTERFACE", "admin"),
            ("RABBIT_HOST", "mq1,mq2"), ("RABBIT_PORT", "5700"), ("RABBIT_VHOST", "/"), ("RABBIT_EXCHANGE", "e"), ("RABBIT_ROUTING_KEY", "k"), ("RABBIT_QUEUE", "q"),
            ("RABBIT_TLS", "true"), ("RABBIT_CACERT", _folder.Find("client.pem")), ("RABBIT_CERT", _folder.Find("client.pem")), ("RABBIT_KEY", _folder.Find("client.key")),
            ("SWIFT_DIR", "/srv/rings"), ("SWIFT_CONF", "/srv/swift.conf"), ("SWIFT_RESELLER_PREFIX", "[AUTH_, SERVICE_]"), ("SWIFT_NETWORK", "replication"), ("SWIFT_SCOPE", "local"),
            ("SWIFT_READ_AFFINITY", "r1z1=100, r1=200"), ("SWIFT_REPLICAS", "all"), ("SWIFT_ABSENT_ACCOUNTS", "skip"), ("SWIFT_WORKERS_PER_NODE", "2"),
            ("PUBLISH_FORMAT", "[consometer, ceilometer]"), ("PUBLISH_BATCH_SIZE", "9"), ("PUBLISH_DECLARE", "durable"),
            ("CLUSTER_MODE", "single"), ("CLUSTER_TASK_ACCOUNTS", "500"), ("CLUSTER_PREFIX", "conso.int5"),
            ("STORE_PATH", "/srv/conso.db"), ("STORE_MAX_BYTES", "1GiB"), ("STORE_KEEP", "7d"),
            ("GRAPHITE_HOSTNAME", "carbon"), ("GRAPHITE_PORT", "2004"), ("GRAPHITE_PREFIX", "x"),
            ("STATUS_LISTEN", ":9808"), ("STATUS_ACCOUNTS", "false"),
        ];
        var (options, _, asked) = Load(set);

        Assert.Equal(set.Select(variable => variable.Name).Order(), asked.Order());
        Assert.Equal(("int5", TimeSpan.FromMinutes(10), 7, LogEventLevel.Fatal), (options.Region, options.Period, options.Workers, options.LogLevel));
        Assert.Equal((new Uri("https://admin.int5:35357"), "user swift_consometer of domain Ops: #1, system all"), (options.Keystone!.Endpoint, options.Keystone.ToString()));
        Assert.Equal((1, "admin"), (options.Keystone.Trust.Roots!.Count, options.Keystone.ObjectStore.Interface));
        var broker = options.Delivery!.Broker;
        Assert.Equal([new BrokerHost("mq1", 5700), new BrokerHost("mq2", 5700)], broker.Hosts);
        Assert.Equal("/", broker.VirtualHost);
        Assert.Equal((1, 1), (broker.Tls!.Roots!.Count, broker.Tls.ClientCertificates.Count));
        Assert.Equal([("consometer", 9, "exchange e, routing key k"), ("ceilometer", 9, "exchange ceilometer, routing key notifications.sample")], options.Delivery.Publications.Select(publication => (publication.Format.Name, publication.BatchSize, publication.Destination.ToString())));
        Assert.Equal(new Durability(Exchange: true, Queue: true), options.Delivery.Publications[1].Destination.Durability);
        var swift = options.Swift;
        Assert.Equal(("/srv/rings/account.ring.gz", "/srv/swift.conf", Network.Replication, true), (swift.RingPath, swift.ConfPath, swift.Servers.Network, swift.IsLocal));
        Assert.Equal(["AUTH_", "SERVICE_"], swift.ResellerPrefixes);
        Assert.Equal((true, false, 2), (swift.AllReplicas, swift.AbsentIsZero, swift.WorkersPerNode));
        Assert.NotEqual(ReadAffinity.None, swift.Affinity);
        Assert.Equal(("/srv/conso.db", 1L << 30, TimeSpan.FromDays(7)), (options.StorePath, options.StoreMaxBytes, options.StoreKeep));
        Assert.Equal(new GraphiteOptions("carbon", 2004, "x"), options.Graphite);
        Assert.True(options.LogsJson);
        Assert.Equal(new StatusOptions(new IPEndPoint(IPAddress.IPv6Any, 9808), ShowsAccounts: false, AccountMetrics: false) { IsListenGiven = true }, options.Status);
    }

    [Fact]
    public void Hosts_share_their_rounds_where_it_is_set() =>
        Assert.Equal(
            new SharingOptions(500, "conso: #1"),
            Load(("SWIFT_DIR", "/etc/swift"), ("CLUSTER_MODE", "shared"), ("CLUSTER_TASK_ACCOUNTS", "500"), ("CLUSTER_PREFIX", "conso: #1")).Options.Sharing);

    private void WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=conso", key, HashAlgorithmName.SHA256).CreateSelfSigned(ManualClock.Start, ManualClock.Start.AddDays(1));
        _folder.Write("client.pem", certificate.ExportCertificatePem());
        _folder.Write("client.key", key.ExportPkcs8PrivateKeyPem());
    }

    private static (string Yaml, IReadOnlySet<string> Asked) Render((string Name, string Value)[] environment)
    {
        var template = new ConsulTemplate(environment.ToDictionary(), Consul, Vault);
        return (template.Render(File.ReadAllText(Repository.Find("etc", "consometer.yaml.ctmpl"))), template.Asked);
    }

    private static (ConsometerOptions Options, string Yaml, IReadOnlySet<string> Asked) Load(params (string Name, string Value)[] environment)
    {
        var (yaml, asked) = Render(environment);
        return (ConfigurationText.Load(yaml), yaml, asked);
    }
}
