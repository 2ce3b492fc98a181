using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Consometer.Cli;
using Consometer.Configuration;
using Consometer.Delivery.Tasks;
using Consometer.Status;

namespace Consometer.Tests.Packages;

/// <summary>The manifests against the program and its image: flags, keys, ports, paths.</summary>
public sealed class KubernetesTests
{
    private const string Deployment = "deployment.yaml";
    private const string DaemonSet = "daemonset.yaml";
    private const string SharedDeployment = "shared-deployment.yaml";

    /// <summary>The daemon ends within so many seconds of SIGTERM.</summary>
    private const int EndsWithinSeconds = 10;

    public static TheoryData<string> Files => [Deployment, DaemonSet, SharedDeployment];

    [Theory]
    [MemberData(nameof(Files))]
    public void Its_configuration_has_no_fault_and_all_of_it_has_effect(string file)
    {
        var options = Workload.Load(file).Configuration;

        Assert.Empty(options.WithoutEffect);
        Assert.NotNull(options.Delivery);
        Assert.Equal((Strategy.Direct, file == DaemonSet), (options.Strategy, options.Swift.IsLocal));
        Assert.Equal(file == SharedDeployment, options.Sharing is not null);
        Assert.True(options.LogsJson);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void The_program_takes_the_arguments_it_is_started_with(string file)
    {
        var workload = Workload.Load(file);
        var parsed = ConsometerCommand.Make().Parse([.. workload.Container["args"].Texts]);

        Assert.Empty(parsed.Errors);
        Assert.Equal("run", parsed.CommandResult.Command.Name);
        var (mount, volume) = workload.MountOf(Path.Combine(ConfigurationOption.PathOf(parsed), ConfigurationFile.Name));
        Assert.Equal(("true", workload.Kind("Secret")["metadata"]["name"].Text), (mount["readOnly"].Text, volume["secret"]["secretName"].Text));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void What_the_configuration_names_is_mounted_and_the_store_alone_stays_and_can_be_written(string file)
    {
        var workload = Workload.Load(file);
        var options = workload.Configuration;

        Assert.All([options.Swift.RingPath, options.Swift.ConfPath], path => Assert.Equal("true", workload.MountOf(path).Mount["readOnly"].Text));
        var (store, volume) = workload.MountOf(options.StorePath);
        Assert.False(store.Has("readOnly"));
        Assert.True(file == SharedDeployment ? volume.Has("emptyDir") : volume.Has("hostPath") || volume["persistentVolumeClaim"]["claimName"].Text == workload.Kind("PersistentVolumeClaim")["metadata"]["name"].Text);
        Assert.True(workload.MountOf("/tmp/x").Volume.Has("emptyDir"));
        Assert.Equal(workload.Container["volumeMounts"].Items.Count(), workload.Pod["volumes"].Items.Count());
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Probes_and_Prometheus_come_to_where_the_program_listens_and_ask_for_what_it_serves(string file)
    {
        var workload = Workload.Load(file);
        var status = workload.Configuration.Status;
        var port = status.Listen!.Port.ToString(CultureInfo.InvariantCulture);
        var named = Assert.Single(workload.Container["ports"].Items);
        var annotations = workload.Template["metadata"]["annotations"].TextByKey;

        Assert.Equal(IPAddress.IPv6Any, status.Listen.Address);
        Assert.False(status.ShowsAccounts);
        Assert.Equal((port, port, StatusPaths.Metrics), (named["containerPort"].Text, annotations["prometheus.io/port"], annotations["prometheus.io/path"]));
        (string Probe, string Path)[] probes = [("startupProbe", StatusPaths.Health), ("livenessProbe", StatusPaths.Health), ("readinessProbe", StatusPaths.Ready)];
        Assert.All(probes, probe =>
        {
            var get = workload.Container[probe.Probe]["httpGet"];
            Assert.Equal((probe.Path, named["name"].Text), (get["path"].Text, get["port"].Text));
        });
    }

    [Fact]
    public void The_service_leads_to_the_daemon_ready_or_not()
    {
        var workload = Workload.Load(Deployment);
        var service = workload.Kind("Service")["spec"];
        var port = Assert.Single(service["ports"].Items);

        Assert.Equal(workload.Template["metadata"]["labels"].TextByKey, service["selector"].TextByKey);
        Assert.Equal(Assert.Single(workload.Container["ports"].Items)["name"].Text, port["targetPort"].Text);
        Assert.Equal("true", service["publishNotReadyAddresses"].Text);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void It_is_the_image_s_user_without_any_right_on_a_read_only_root(string file)
    {
        var workload = Workload.Load(file);
        var (uid, gid) = DockerfileTests.ImageUser();
        var pod = workload.Pod["securityContext"];
        var container = workload.Container["securityContext"];

        Assert.Equal(("true", $"{uid}", $"{gid}", $"{gid}"), (pod["runAsNonRoot"].Text, pod["runAsUser"].Text, pod["runAsGroup"].Text, pod["fsGroup"].Text));
        Assert.Equal(("true", "false"), (container["readOnlyRootFilesystem"].Text, container["allowPrivilegeEscalation"].Text));
        Assert.Equal(["ALL"], container["capabilities"]["drop"].Texts);
        Assert.Equal("false", workload.Pod["automountServiceAccountToken"].Text);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void It_is_this_version_and_is_given_the_time_to_end(string file)
    {
        var workload = Workload.Load(file);
        var version = XDocument.Load(Repository.Find("Directory.Build.props")).Descendants("Version").Single().Value;

        Assert.EndsWith($"/consometer:{version}", workload.Container["image"].Text, StringComparison.Ordinal);
        Assert.True(int.Parse(workload.Pod["terminationGracePeriodSeconds"].Text, CultureInfo.InvariantCulture) > EndsWithinSeconds);
        Assert.Equal(workload.Template["metadata"]["labels"].TextByKey, workload.Controller["spec"]["selector"]["matchLabels"].TextByKey);
    }

    [Fact]
    public void No_two_daemons_are_at_one_store()
    {
        var deployment = Workload.Load(Deployment).Controller["spec"];
        Assert.Equal(("1", "Recreate"), (deployment["replicas"].Text, deployment["strategy"]["type"].Text));

        var daemonSet = Workload.Load(DaemonSet).Controller["spec"];
        Assert.Equal("0", daemonSet["updateStrategy"]["rollingUpdate"]["maxSurge"].Text);
    }

    /// <summary>A task is done when its samples are confirmed: so their stores may go with them, each its own.</summary>
    [Fact]
    public void Daemons_that_share_rounds_are_three_and_a_store_that_is_full_does_not_have_one_evicted()
    {
        var workload = Workload.Load(SharedDeployment);
        var spec = workload.Controller["spec"];
        var (_, store) = workload.MountOf(workload.Configuration.StorePath);

        Assert.Equal(("3", "RollingUpdate"), (spec["replicas"].Text, spec["strategy"]["type"].Text));
        Assert.Equal("2Gi", store["emptyDir"]["sizeLimit"].Text);
        Assert.Equal(1L << 30, workload.Configuration.StoreMaxBytes);
        Assert.Equal(workload.Template["metadata"]["labels"].TextByKey, Assert.Single(workload.Pod["topologySpreadConstraints"].Items)["labelSelector"]["matchLabels"].TextByKey);
    }

    /// <summary>With the prefix of the region that is configured, as a pattern.</summary>
    [Fact]
    public void The_rights_that_it_asks_for_are_to_what_rounds_are_shared_over_and_to_the_exchange_of_the_samples()
    {
        var options = Workload.Load(SharedDeployment).Configuration;
        var line = Assert.Single(File.ReadLines(Repository.Find("etc", "kubernetes", SharedDeployment)), line => line.Contains("set_permissions", StringComparison.Ordinal));
        string[] patterns = [.. Regex.Matches(line, "'(.*?)'").Select(match => match.Groups[1].Value)];
        var (broker, samples) = (options.Delivery!.Broker, Assert.Single(options.Delivery.Publications).Destination.Exchange);
        var queues = new TaskQueues(options.Sharing!.Prefix);

        Assert.Contains($"-p {broker.VirtualHost} {broker.User} ", line, StringComparison.Ordinal);
        Assert.Equal(3, patterns.Length);
        Assert.All([queues.Exchange, queues.NameOfOwn(Guid.Empty), .. queues.All.Select(queue => queue.Name)], name => Assert.All(patterns, pattern => Assert.Matches(pattern, name)));
        Assert.All([patterns[0], patterns[1]], pattern => Assert.Matches(pattern, samples));
        Assert.All(patterns, pattern => Assert.DoesNotMatch(pattern, "consometer-RegionOne"));
    }

    [Fact]
    public void A_daemon_of_each_node_has_the_node_s_addresses_and_its_ring()
    {
        var workload = Workload.Load(DaemonSet);

        Assert.Equal("true", workload.Pod["hostNetwork"].Text);
        Assert.Equal("/etc/swift", workload.MountOf(workload.Configuration.Swift.RingPath).Volume["hostPath"]["path"].Text);
    }
}
