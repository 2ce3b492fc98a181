using Consometer.Simulation;

namespace Consometer.Tests.Cli;

/// <summary><c>check</c> through the built program, against a simulated cluster: each verdict and each exit code, caused.</summary>
public sealed class CheckCommandTests : CheckTest
{
    [Fact]
    public async Task Where_all_is_well_every_check_says_what_it_looked_at()
    {
        var (exitCode, lines) = await CheckAsync();

        Assert.Equal(ExitCode.Done, exitCode);
        Assert.Equal(["configuration", "swift.conf", "ring", "servers", "keystone", "projects", "accounts", "clock", "broker", "status", "store"], lines.Select(line => line.Check));
        Assert.All(lines, line => Assert.Equal("ok", line.Verdict));
        Assert.Equal("4 of 4 account-servers", lines[3].LookedAt);
        Assert.Equal("role reader on system all", lines[4].Found);
        Assert.Equal("60 projects", lines[5].Found);
        Assert.Equal("20 accounts", lines[6].LookedAt);
        Assert.Equal(("5 servers' time", "none is configured: samples stay in the store"), (lines[7].LookedAt, lines[8].Found));
        Assert.False(File.Exists(Path.Combine(Cluster.Folder, "consometer.db")), "checking made a store, which would be the checker's and not the daemon's");
    }

    [Fact]
    public async Task Every_fault_of_the_configuration_is_a_line_and_nothing_else_is_looked_at()
    {
        Edit("timeout: 1h", "timeout: never\nregoin: x");

        var (exitCode, lines) = await CheckAsync();

        Assert.Equal(ExitCode.Configuration, exitCode);
        Assert.Equal(["fail", "fail"], lines.Where(line => line.Check == "configuration").Select(line => line.Verdict));
        Assert.All(lines.Where(line => line.Check != "configuration"), line => Assert.Equal("skipped", line.Verdict));
        Assert.Equal(0, Running.Requests);
    }

    [Fact]
    public async Task A_key_without_effect_is_a_warning()
    {
        Edit("timeout: 1h", "timeout: 1h\npublish: { format: ceilometer }");

        AssertFound(await CheckAsync(), ExitCode.Done, ("configuration", "warn", "publish, without credentials.rabbit, has no effect"));
    }

    [Fact]
    public async Task A_ring_that_cannot_be_read_keeps_back_servers_and_accounts_and_not_the_projects()
    {
        File.WriteAllText(Cluster.RingPath, "no ring");

        AssertFound(
            await CheckAsync(), ExitCode.InputFile, ("ring", "fail", "wanted"), ("servers", "skipped", "needs a ring"), ("accounts", "skipped", "needs a server"));
    }

    /// <summary>The ids of each partition's replicas, two of a node each: one device twice is a fault, one node twice is worth a look.</summary>
    [Theory]
    [InlineData("fail", 0, 0, 2)]
    [InlineData("warn", 0, 1, 2)]
    public async Task A_ring_that_can_be_read_and_is_not_sound_is_told(string verdict, params int[] replicas)
    {
        var devices = Cluster.Nodes.SelectMany(node => node.Devices).ToArray();
        File.WriteAllBytes(Cluster.RingPath, TestRing.Bytes(devices, [.. replicas.Select(id => Enumerable.Repeat((ushort)id, 1 << TestRing.PartPower).ToArray())]));

        var (_, lines) = await CheckAsync();

        var ring = Assert.Single(lines, line => line.Check == "ring");
        Assert.Equal((verdict, $"consometer ring verify {Cluster.RingPath} tells all"), (ring.Verdict, ring.Remedy));
    }

    [Fact]
    public async Task A_missing_swift_conf_keeps_back_the_accounts()
    {
        File.Delete(Cluster.SwiftConfPath);

        AssertFound(await CheckAsync(), ExitCode.InputFile, ("swift.conf", "fail", "no such file"), ("accounts", "skipped", "needs a swift.conf"));
    }

    /// <summary>The servers have another file, and no account is found: both are told.</summary>
    [Fact]
    public async Task A_wrong_hash_suffix_is_told_by_the_servers_and_by_the_accounts()
    {
        File.WriteAllText(Cluster.SwiftConfPath, File.ReadAllText(Cluster.SwiftConfPath).Replace("simulated-suffix", "of-another", StringComparison.Ordinal));

        var wrong = Cluster.Nodes.Select(_ => ("servers", "fail", "another swift.conf, and so perhaps another hash prefix or suffix"));
        var found = await CheckAsync();

        AssertFound(found, ExitCode.InputFile, [.. wrong, ("accounts", "fail", "hash prefix or suffix")]);
        Assert.Equal("60 accounts", found.Lines.Single(line => line.Check == "accounts").LookedAt);
    }

    [Fact]
    public async Task A_server_that_is_silent_or_has_another_ring_is_named_and_what_differs_counts_for_more()
    {
        Cluster.Nodes[0].Fault = NodeFault.Refuses;
        AssertFound(await CheckAsync(), ExitCode.Service, ("servers", "fail", "silent: "));

        Cluster.Nodes[1].RingMd5s = new Dictionary<string, string?> { [Cluster.RingPath] = OtherMd5 };
        var found = await CheckAsync();

        AssertFound(found, ExitCode.InputFile, ("servers", "fail", "silent: "), ("servers", "fail", "another ring"));
        Assert.Equal(
            ["2 of 4 account-servers", $"127.0.0.1:{Cluster.Nodes[0].Port}", $"127.0.0.1:{Cluster.Nodes[1].Port}"],
            found.Lines.Where(line => line.Check == "servers").Select(line => line.LookedAt));
    }

    [Fact]
    public async Task With_no_server_at_all_the_accounts_are_not_asked_for()
    {
        Running.SetFaults(NodeFault.Refuses);

        var silent = Cluster.Nodes.Select(_ => ("servers", "fail", "silent: "));
        AssertFound(await CheckAsync(), ExitCode.Service, [.. silent, ("accounts", "skipped", "needs a server")]);
    }

    /// <summary>Such a server takes the question for one after a device; metering does without recon.</summary>
    [Fact]
    public async Task A_server_without_recon_is_a_warning()
    {
        Cluster.Nodes[2].Fault = NodeFault.Status(404);

        AssertFound(await CheckAsync(), ExitCode.Done, ("servers", "warn", "no recon"));
    }

    [Fact]
    public async Task Accounts_that_no_server_can_tell_of_are_a_failure_of_the_service()
    {
        Running.SetFaults(NodeFault.Status(500));

        var silent = Cluster.Nodes.Select(_ => ("servers", "fail", "silent: status_500"));
        AssertFound(await CheckAsync(), ExitCode.Service, [.. silent, ("accounts", "fail", "20 unknown (server_error 20)")]);
    }

    [Fact]
    public async Task A_wrong_password_and_a_Keystone_that_is_down_keep_back_the_accounts()
    {
        var run = await ConsometerProgram.RunAsync("check", "--config", Cluster.Folder);
        Assert.DoesNotContain(Cluster.KeystonePassword, run.Output + run.Error, StringComparison.Ordinal);

        var tokens = Cluster.KeystoneTokens;
        Edit(Cluster.KeystonePassword, "s3cret");
        var refused = await CheckAsync();
        AssertFound(refused, ExitCode.Service, ("keystone", "fail", "401"), ("projects", "skipped", "needs a token"), ("accounts", "skipped", "needs projects"));
        Assert.Equal(tokens, Cluster.KeystoneTokens);
        Assert.DoesNotContain(refused.Lines, line => $"{line.Found} {line.Remedy}".Contains("s3cret", StringComparison.Ordinal));

        Cluster.KeystoneFault = NodeFault.Refuses;
        AssertFound(await CheckAsync(), ExitCode.Service, ("keystone", "fail", "Keystone"), ("projects", "skipped", "needs a token"), ("accounts", "skipped", "needs projects"));
    }

    /// <summary>Whose rights and queues are looked at over the same connection as for delivery.</summary>
    [Fact]
    public async Task Without_the_broker_it_is_not_known_whether_rounds_can_be_shared()
    {
        Edit("credentials:", $"cluster: {{ mode: shared }}\ncredentials:\n  rabbit: {{ host: 127.0.0.1, port: {ScriptedServer.ClosedPort()}, user: u, password: p }}");

        AssertFound(await CheckAsync(), ExitCode.Service, ("broker", "fail", "wanted a connection"), ("cluster", "skipped", "needs a broker"));
    }

    [Theory]
    [InlineData(".")]
    [InlineData("swift.conf")]
    [InlineData("swift.conf/store/consometer.db")]
    public async Task A_store_that_cannot_be_written_is_told(string path)
    {
        Edit("consometer.db", path);

        AssertFound(await CheckAsync(), ExitCode.Service, ("store", "fail", ""));
    }

    [Fact]
    public async Task A_store_that_is_there_tells_of_its_last_round()
    {
        Assert.Equal(ExitCode.Done, (await ConsometerProgram.RunAsync("poll", "--config", Cluster.Folder)).ExitCode);

        var (_, lines) = await CheckAsync();

        Assert.Matches(@"^last round 20[0-9T:Z-]+, 0\.\d of 10240 MiB in use$", lines[^1].Found);
    }

    [Fact]
    public async Task A_scope_that_the_ring_does_not_know_is_told()
    {
        Edit("swift: {", "swift: { scope: local, ring_ip: 192.0.2.1,");

        AssertFound(await CheckAsync(), ExitCode.InputFile, ("accounts", "fail", "192.0.2.1"));
    }

    [Fact]
    public async Task The_table_has_a_line_for_each_check()
    {
        Cluster.Nodes[3].Fault = NodeFault.Refuses;

        var run = await ConsometerProgram.RunAsync("check", "--config", Cluster.Folder);

        Assert.Equal((ExitCode.Service, ""), (run.ExitCode, run.Error));
        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(1 + 12, lines.Length);
        Assert.Matches($@"servers +fail +127\.0\.0\.1:{Cluster.Nodes[3].Port} +silent: \w+ +is it running", run.Output);
    }
}
