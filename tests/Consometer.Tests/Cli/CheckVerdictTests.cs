namespace Consometer.Tests.Cli;

/// <summary><c>check</c> on what works, and yet: rights, a swift.conf of one's own, a broker, what waits in the store.</summary>
public sealed class CheckVerdictTests : CheckTest
{
    /// <summary>What was changed for this host is the order of the sections, say: the MD5 is another, prefix and suffix are the same.</summary>
    [Fact]
    public async Task A_swift_conf_with_the_same_hash_and_another_MD5_is_a_warning_since_accounts_are_found()
    {
        File.AppendAllText(Cluster.SwiftConfPath, "# by hand\n");
        var found = await CheckAsync();
        AssertFound(found, ExitCode.Done, ("servers", "warn", "another swift.conf, with the same hash prefix and suffix"));
        Assert.Equal("4 of 4 account-servers", found.Lines.Single(line => line.Check == "servers").LookedAt);

        // One that has another file than the others may look for its accounts elsewhere.
        Cluster.Nodes[0].SwiftConfMd5s = new Dictionary<string, string?> { [Cluster.SwiftConfPath] = OtherMd5 };
        found = await CheckAsync();
        AssertFound(found, ExitCode.InputFile, ("servers", "warn", "with the same hash"), ("servers", "fail", "another swift.conf, and so perhaps"));
        Assert.Equal("3 of 4 account-servers", found.Lines.First(line => line.Check == "servers").LookedAt);
    }

    [Fact]
    public async Task A_token_with_more_rights_than_direct_needs_is_a_warning_and_one_with_less_a_failure()
    {
        Edit("system_scope: all", "swift_conso_tenant: service");
        AssertFound(
            await CheckAsync(), ExitCode.Service,
            ("keystone", "warn", "role reader on project service of domain Default: not the least"), ("projects", "fail", "403"), ("accounts", "skipped", "needs projects"));

        Edit(Cluster.KeystoneUser, Cluster.KeystoneAdmin);
        Edit(Cluster.KeystonePassword, Cluster.KeystoneAdminPassword);
        var (exitCode, lines) = await CheckAsync();
        var keystone = lines.Single(line => line.Verdict != "ok");
        Assert.Equal((ExitCode.Done, "keystone", "warn"), (exitCode, keystone.Check, keystone.Verdict));
        Assert.Equal($"openstack role add --system all --user {Cluster.KeystoneAdmin} reader, and system_scope: all in place of a project", keystone.Remedy);
    }

    [Fact]
    public async Task A_broker_that_is_not_there_is_a_failure()
    {
        Edit("credentials:", $"credentials:\n  rabbit: {{ host: 127.0.0.1, port: {ScriptedServer.ClosedPort()}, user: u, password: p }}");

        AssertFound(await CheckAsync(), ExitCode.Service, ("broker", "fail", "wanted a connection, found Connection refused"));
    }

    /// <summary>Rounds go on without carbon; without its port the daemon does not begin.</summary>
    [Fact]
    public async Task Whom_metrics_cannot_be_sent_to_is_a_warning_and_a_port_that_is_taken_a_failure()
    {
        Edit("store: {", $"graphite: {{ hostname: 127.0.0.1, port: {ScriptedServer.ClosedPort()} }}\notlp: {{ endpoint: '{Cluster.KeystoneUri}' }}\nstore: {{");
        AssertFound(await CheckAsync(), ExitCode.Done, ("metrics", "warn", "Connection refused"));

        await using var other = ScriptedServer.Start(_ => Reply.Json("""{"version": "of another program"}"""));
        Edit("127.0.0.1:0", $"127.0.0.1:{other.Port}");
        AssertFound(await CheckAsync(), ExitCode.Configuration, ("metrics", "warn", ""), ("status", "fail", "another program listens there"));
    }

    [Fact]
    public async Task A_store_that_is_full_or_holds_what_nobody_takes_is_told()
    {
        Edit("credentials:", $"credentials:\n  rabbit: {{ host: 127.0.0.1, port: {ScriptedServer.ClosedPort()}, user: u, password: p }}");
        Assert.Equal(ExitCode.Service, (await ConsometerProgram.RunAsync("poll", "--publish", "--config", Cluster.Folder)).ExitCode);
        var (_, lines) = await CheckAsync();
        Assert.Matches("; 1 messages of format consometer wait, the oldest of round 20", lines[^1].Found);
        Assert.Equal("ok", lines[^1].Verdict);

        Edit("store: {", "publish: { format: ceilometer }\nstore: {");
        AssertFound(await CheckAsync(), ExitCode.Service, ("broker", "fail", ""), ("store", "warn", "of a format that is not configured"));

        Edit("store: {", "store: { max_bytes: 1MiB,");
        (_, lines) = await CheckAsync();
        Assert.Contains("of 1 MiB in use", lines[^1].Found, StringComparison.Ordinal);
    }
}
