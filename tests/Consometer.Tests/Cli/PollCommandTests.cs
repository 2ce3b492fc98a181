using System.Text.Json;

namespace Consometer.Tests.Cli;

/// <summary><c>poll</c> through the built program: each exit code that a round can end with, caused.</summary>
public sealed class PollCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task No_configuration_ends_with_2()
    {
        var path = _folder.Find("none.yaml");
        ConsometerProgram.AssertRefused(await ConsometerProgram.RunAsync("poll", "--config", path), ExitCode.Configuration, $"{path}: no such file");
    }

    [Fact]
    public async Task Every_fault_of_a_configuration_is_a_line_of_its_own()
    {
        var file = _folder.Write("consometer.yaml", "regoin: x\nworkers: 0\nswift: {}\n");

        var run = await ConsometerProgram.RunAsync("poll", "--config", _folder.Path);

        Assert.Equal((ExitCode.Configuration, ""), (run.ExitCode, run.Output));
        var lines = run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.StartsWith($"consometer: {file}", line, StringComparison.Ordinal));
        Assert.Contains($"consometer: {file}:1: regoin: unknown key", lines);
        Assert.Contains(lines, line => line.Contains(":2: workers: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_missing_ring_ends_with_3()
    {
        Configure();
        File.Delete(_folder.Find("account.ring.gz"));
        ConsometerProgram.AssertRefused(await PollAsync("--account", "AUTH_a"), ExitCode.InputFile, "account.ring.gz: no such file");
    }

    [Theory]
    [InlineData("none", null, "none: cannot be read")]
    [InlineData("accounts", new byte[] { 0x41, 0xff, 0x0a }, "accounts: wanted lines of UTF-8")]
    public async Task An_accounts_file_that_cannot_be_read_ends_with_3(string name, byte[]? bytes, string found)
    {
        Configure();
        var file = bytes is null ? _folder.Find(name) : _folder.Write(name, bytes);
        ConsometerProgram.AssertRefused(await PollAsync("--accounts-file", file), ExitCode.InputFile, found);
    }

    [Fact]
    public async Task Accounts_that_are_all_absent_end_with_3_and_without_samples()
    {
        await using var server = ScriptedServer.Start(_ => Reply.Recorded("swift-2.38", "account-head-404-missing.http"));
        Configure(server.Port);

        var run = await PollAsync([.. Enumerable.Range(0, 10).SelectMany(i => new[] { "--account", $"AUTH_{i}" }), "--format", "ndjson"]);

        Assert.Equal((ExitCode.InputFile, ""), (run.ExitCode, run.Output));
        Assert.Contains("hash prefix", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_without_a_figure_ends_with_4_and_has_no_sample()
    {
        Configure(ScriptedServer.ClosedPort());
        var run = await PollAsync("--account", "AUTH_a", "--format", "ndjson");

        Assert.Equal((ExitCode.UnknownAccounts, ""), (run.ExitCode, run.Output));
    }

    [Fact]
    public async Task Keystone_that_is_not_there_ends_with_5()
    {
        Configure();
        var run = await PollAsync();

        ConsometerProgram.AssertRefused(run, ExitCode.Service, "Keystone http://127.0.0.1:");
        Assert.DoesNotContain("s3cret", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".")]
    [InlineData("swift.conf")]
    [InlineData("swift.conf/store/consometer.db")]
    public async Task A_store_that_cannot_be_opened_ends_with_5(string path)
    {
        Configure(storePath: path);
        ConsometerProgram.AssertRefused(await PollAsync(), ExitCode.Service, "store ");
    }

    [Fact]
    public async Task Accounts_with_figures_end_with_0_and_each_sample_is_a_line_of_json()
    {
        await using var server = ScriptedServer.Start(_ => Reply.Recorded("swift-2.38", "account-head-204.http"));
        Configure(server.Port);

        var run = await PollAsync("--account", "AUTH_a", "--account", "b", "--format", "ndjson");

        Assert.Equal(ExitCode.Done, run.ExitCode);
        var samples = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(["a", "a", "a", "b", "b", "b"], samples.Select(sample => sample.GetProperty("resource_id").GetString()!));
        Assert.Equal(993059742637, samples.First(sample => sample.GetProperty("counter_name").GetString() == "storage.objects.size").GetProperty("counter_volume").GetInt64());
        Assert.All(server.Requests, request => Assert.StartsWith("HEAD /sd", request.Line, StringComparison.Ordinal));
        Assert.Equal(["AUTH_a", "AUTH_b"], server.Requests.Select(request => request.Target.Split('/')[3]).Order());
    }

    [Fact]
    public async Task Policies_have_samples_under_swift_conf_s_names_in_the_formats_for_machines_and_a_word_in_the_table()
    {
        await using var server = ScriptedServer.Start(_ => Reply.Recorded("swift-2.38", "account-head-204.http"));
        Configure(server.Port, meters: "{ storage.policies.objects.size: true }");
        _folder.Write("swift.conf", "[swift-hash]\nswift_hash_path_suffix = test\n[storage-policy:0]\nname = gold\n");

        var ndjson = await PollAsync("--account", "a", "--format", "ndjson");
        var csv = await PollAsync("--account", "a", "--format", "csv");
        var table = await PollAsync("--account", "a");

        var samples = ndjson.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)
            .ToDictionary(sample => $"{sample.GetProperty("counter_name")} {sample.GetProperty("resource_id")}");
        Assert.Equal(5, samples.Count);
        Assert.Equal("{}", samples["storage.objects.size a"].GetProperty("resource_metadata").GetRawText());
        Assert.Equal("""{"storage_policy":"gold"}""", samples["storage.policies.objects.size a/gold"].GetProperty("resource_metadata").GetRawText());
        Assert.Equal("""{"storage_policy":"Silver"}""", samples["storage.policies.objects.size a/Silver"].GetProperty("resource_metadata").GetRawText());
        Assert.Equal(993059730292, samples["storage.policies.objects.size a/gold"].GetProperty("counter_volume").GetInt64());
        Assert.Contains("storage.policies.objects.size,gauge,B,12345,a/Silver,a,", csv.Output, StringComparison.Ordinal);
        Assert.Contains(",RegionOne,\"{\"\"storage_policy\"\":\"\"gold\"\"}\"\r\n", csv.Output, StringComparison.Ordinal);
        Assert.Contains("Not shown: the samples of storage policies", table.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("a/gold", table.Output, StringComparison.Ordinal);
        Assert.Contains("993,059,742,637", table.Output, StringComparison.Ordinal);
    }

    private Task<Run> PollAsync(params string[] arguments) => ConsometerProgram.RunAsync(["poll", "--config", _folder.Path, .. arguments]);

    /// <summary>A cluster of one server, and a Keystone where nobody listens.</summary>
    private void Configure(int port = 9, string storePath = "consometer.db", string meters = "{}")
    {
        _folder.Write("account.ring.gz", TestRing.Bytes(2, TestRing.DeviceAt(0, port), TestRing.DeviceAt(1, port, name: "sdb")));
        _folder.Write("swift.conf", "[swift-hash]\nswift_hash_path_suffix = test\n");
        _folder.Write("consometer.yaml", $$"""
            credentials:
              openstack:
                keystone_uri: http://127.0.0.1:{{ScriptedServer.ClosedPort()}}
                swift_conso_user: meter
                swift_conso_password: s3cret
                system_scope: all
            swift: { dir: ., conf: swift.conf }
            store: { path: {{storePath}} }
            meters: {{meters}}
            """);
    }
}
