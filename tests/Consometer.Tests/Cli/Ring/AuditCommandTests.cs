using System.Security.Cryptography;
using System.Text.Json;
using Consometer.Simulation;
using Consometer.Tests.Simulation;

namespace Consometer.Tests.Cli.Ring;

/// <summary><c>ring audit</c> through the built program, against simulated servers.</summary>
public sealed class AuditCommandTests : IAsyncLifetime
{
    /// <summary>A connection that is cut as it is made fails in making it or just after.</summary>
    private const string CutOff = "silent: (connection lost|unreachable)";

    private static readonly string OtherMd5 = new('0', 32);

    private RunningCluster? _running;

    private SimulatedCluster Cluster => _running!.Cluster;

    private IReadOnlyList<SimulatedNode> Nodes => Cluster.Nodes;

    public async ValueTask InitializeAsync() => _running = await RunningCluster.StartAsync(new SimulationPlan { Accounts = 1 });

    public ValueTask DisposeAsync() => _running!.DisposeAsync();

    [Fact]
    public async Task When_all_agree_it_says_so_and_names_none()
    {
        var run = await AuditAsync();

        Assert.Equal(
            $"""
            ring        {Md5Of(Cluster.RingPath)}  {Cluster.RingPath}
            swift.conf  {Md5Of(Cluster.SwiftConfPath)}  {Cluster.SwiftConfPath}
            4 servers: 4 agree, 0 differ, 0 silent

            """,
            run.Output);
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));

        // Each has two devices, and was asked once for each file.
        Assert.All(Nodes, node => Assert.Equal(2, node.Requests));
    }

    [Fact]
    public async Task A_server_with_another_ring_is_named_with_what_it_has()
    {
        SetRing(Nodes[1], OtherMd5);

        AssertFound(await AuditAsync(), ExitCode.InputFile, "3 agree, 1 differs, 0 silent", (Nodes[1], $@"differs: {OtherMd5} +agrees"));
    }

    [Fact]
    public async Task A_server_with_another_swift_conf_is_named_with_what_it_has()
    {
        SetSwiftConf(Nodes[3], OtherMd5);

        AssertFound(await AuditAsync(), ExitCode.InputFile, "3 agree, 1 differs, 0 silent", (Nodes[3], $@"agrees +differs: {OtherMd5}"));
    }

    [Fact]
    public async Task A_file_that_a_server_cannot_read_is_wrong_there()
    {
        SetRing(Nodes[0], null);
        SetSwiftConf(Nodes[2], null);

        AssertFound(
            await AuditAsync(), ExitCode.InputFile, "2 agree, 2 differ, 0 silent", (Nodes[0], "unreadable +agrees"), (Nodes[2], "agrees +unreadable"));
    }

    [Fact]
    public async Task Silent_servers_are_named_with_the_reason()
    {
        Nodes[0].Fault = NodeFault.Refuses;
        Nodes[1].Fault = NodeFault.Status(404);
        Nodes[2].Fault = NodeFault.Status(503);

        AssertFound(
            await AuditAsync(),
            ExitCode.Service,
            "1 agrees, 0 differ, 3 silent",
            (Nodes[0], $"{CutOff} +{CutOff}"),
            (Nodes[1], "silent: status 404, no recon in its pipeline"),
            (Nodes[2], "silent: status 503 +silent: status 503"));
    }

    [Fact]
    public async Task One_that_differs_counts_for_more_than_any_that_are_silent()
    {
        Nodes[0].Fault = NodeFault.Refuses;
        SetRing(Nodes[1], OtherMd5);

        AssertFound(
            await AuditAsync(), ExitCode.InputFile, "2 agree, 1 differs, 1 silent", (Nodes[0], CutOff), (Nodes[1], "differs"));
    }

    [Fact]
    public async Task No_server_that_answers_ends_with_5()
    {
        foreach (var node in Nodes)
        {
            node.Fault = NodeFault.Refuses;
        }

        AssertFound(await AuditAsync(), ExitCode.Service, "0 agree, 0 differ, 4 silent", [.. Nodes.Select(node => (node, CutOff))]);
    }

    [Fact]
    public async Task A_ring_goes_by_the_name_of_its_file_or_by_the_one_that_is_said()
    {
        var copy = Path.Combine(Cluster.Folder, "copy.ring.gz");
        File.Copy(Cluster.RingPath, copy);

        AssertFound(
            await AuditAsync(copy), ExitCode.InputFile, "0 agree, 4 differ, 0 silent", [.. Nodes.Select(node => (node, "no such ring +agrees"))]);
        AssertFound(await AuditAsync(copy, "--name", "account.ring.gz"), ExitCode.Done, "4 agree, 0 differ, 0 silent");
    }

    [Fact]
    public async Task The_network_says_which_addresses_are_asked()
    {
        using var folder = new TempFolder();
        await using var server = ScriptedServer.Start(_ => Reply.Recorded("recon-swiftconfmd5-200.http"));
        var device = TestRing.DeviceAt(0, ScriptedServer.ClosedPort(), replicationPort: server.Port);
        var ring = folder.Write("account.ring.gz", TestRing.Bytes(1, device));

        var client = await AuditAsync(ring, "--network", "client");
        var replication = await AuditAsync(ring, "--network", "replication");

        Assert.Contains($"127.0.0.1:{device.Port} ", client.Output, StringComparison.Ordinal);
        Assert.Contains($"127.0.0.1:{server.Port} ", replication.Output, StringComparison.Ordinal);
        Assert.Equal(client.Output, (await AuditAsync(ring)).Output);
    }

    [Fact]
    public async Task Json_has_every_server_and_what_it_has()
    {
        SetRing(Nodes[1], OtherMd5);
        SetSwiftConf(Nodes[2], null);
        Nodes[3].Fault = NodeFault.Status(404);

        var run = await AuditAsync(null, "--format", "json");

        var (ring, swiftConf) = (Md5Of(Cluster.RingPath), Md5Of(Cluster.SwiftConfPath));
        var wanted = JsonSerializer.Serialize(new
        {
            ring = new { file = Cluster.RingPath, md5 = ring },
            swift_conf = new { file = Cluster.SwiftConfPath, md5 = swiftConf },
            servers = new[]
            {
                Server(Nodes[0], "agrees", File("agrees", ring), File("agrees", swiftConf)),
                Server(Nodes[1], "differs", File("differs", OtherMd5), File("agrees", swiftConf)),
                Server(Nodes[2], "differs", File("agrees", ring), File("unreadable")),
                Server(Nodes[3], "silent", File("silent", reason: "status_404"), File("silent", reason: "status_404")),
            },
        });
        Assert.Equal((ExitCode.InputFile, ""), (run.ExitCode, run.Error));
        Assert.Equal(wanted, JsonSerializer.Serialize(JsonDocument.Parse(run.Output)));

        static object Server(SimulatedNode node, string verdict, object ring, object swiftConf) =>
            new { ip = node.Ip, port = node.Port, verdict, ring, swift_conf = swiftConf };

        static object File(string verdict, string? md5 = null, string? reason = null) => new { verdict, md5, reason };
    }

    [Fact]
    public async Task A_swift_conf_that_cannot_be_read_and_a_ring_without_devices_end_with_3()
    {
        using var folder = new TempFolder();
        var ring = folder.Write("account.ring.gz", TestRing.Bytes([], [[.. Enumerable.Repeat(TestRing.NoDevice, 1 << TestRing.PartPower)]]));

        ConsometerProgram.AssertRefused(
            await ConsometerProgram.RunAsync("ring", "audit", Cluster.RingPath, "--swift-conf", folder.Find("none")), ExitCode.InputFile, "none: no such file");
        ConsometerProgram.AssertRefused(await AuditAsync(ring), ExitCode.InputFile, $"ring {ring}: wanted devices");
    }

    /// <summary>The daemons of a shared round are asked of the broker, and only after the ring that they take.</summary>
    [Fact]
    public async Task A_broker_that_does_not_answer_is_told_and_the_servers_are_audited_all_the_same()
    {
        Configure("shared");
        var run = await AuditAsync(null, "--config", Cluster.Folder);

        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.EndsWith("4 servers: 4 agree, 0 differ, 0 silent\n", run.Output, StringComparison.Ordinal);
        Assert.StartsWith("consometer: of the daemons that share rounds nothing is known: broker 127.0.0.1:", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));

        AssertFound(await AuditAsync(null, "--config", Cluster.Folder, "--name", "object.ring.gz"), ExitCode.InputFile, "0 agree, 4 differ, 0 silent", [.. Nodes.Select(node => (node, "no such ring"))]);
        Configure("single");
        AssertFound(await AuditAsync(null, "--config", Cluster.Folder), ExitCode.Done, "4 agree, 0 differ, 0 silent");
    }

    [Fact]
    public async Task A_configuration_with_faults_is_told_and_the_servers_are_audited_all_the_same()
    {
        Configure("both");
        var run = await AuditAsync(null, "--config", Cluster.Folder);

        Assert.Equal((ExitCode.Done, 1), (run.ExitCode, run.Error.Count(character => character == '\n')));
        Assert.Contains("cluster.mode: wanted one of single, shared", run.Error, StringComparison.Ordinal);
    }

    private void Configure(string mode) => System.IO.File.WriteAllText(
        Path.Combine(Cluster.Folder, "consometer.yaml"),
        $$"""
        credentials:
          openstack: { keystone_uri: "http://127.0.0.1:5000", swift_conso_user: u, swift_conso_password: p, system_scope: all }
          rabbit: { host: 127.0.0.1, port: {{ScriptedServer.ClosedPort()}}, user: u, password: p }
        swift: { dir: {{Cluster.Folder}} }
        cluster: { mode: {{mode}} }

        """);

    private Task<Run> AuditAsync(string? ring = null, params string[] options) => ConsometerProgram.RunAsync(
        ["ring", "audit", ring ?? Cluster.RingPath, "--swift-conf", Cluster.SwiftConfPath, .. options]);

    /// <summary>This exit code, these counts, and of the servers these and no others, each on a line like this.</summary>
    private void AssertFound(Run run, int exitCode, string counts, params (SimulatedNode Node, string Line)[] named)
    {
        Assert.Equal((exitCode, ""), (run.ExitCode, run.Error));
        Assert.EndsWith($"4 servers: {counts}\n", run.Output, StringComparison.Ordinal);
        Assert.All(named, server => Assert.Matches($@"(?m)^ *127\.0\.0\.1:{server.Node.Port} +{server.Line}", run.Output));
        Assert.All(Nodes.Except(named.Select(server => server.Node)), node => Assert.DoesNotContain($":{node.Port} ", run.Output, StringComparison.Ordinal));
    }

    private void SetRing(SimulatedNode node, string? md5) => node.RingMd5s = new Dictionary<string, string?> { [Cluster.RingPath] = md5 };

    private void SetSwiftConf(SimulatedNode node, string? md5) => node.SwiftConfMd5s = new Dictionary<string, string?> { [Cluster.SwiftConfPath] = md5 };

    private static string Md5Of(string path) => Convert.ToHexStringLower(MD5.HashData(File.ReadAllBytes(path)));
}
