using System.Net;
using System.Net.Sockets;
using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Poll;

/// <summary>What cannot be metered ends with one clear line, an exit code, and no sample.</summary>
public sealed class RefusalTests(RealSwift lab) : LabTest(lab)
{
    private const int InputFile = 3;
    private const int Service = 5;
    private const string Password = "n0t-t0-be-seen";

    [Theory]
    [InlineData("table")]
    [InlineData("ndjson")]
    public async Task A_wrong_hash_prefix_is_told_and_not_metered_as_an_empty_cluster(string format)
    {
        Folder.Write("swift.conf", "[swift-hash]\nswift_hash_path_prefix = of-another-cluster\nswift_hash_path_suffix = lab-suffix\n");

        var run = await PollAsync(new LabConfiguration { SwiftConf = "swift.conf" }, ["--format", format]);

        Assert.Equal(InputFile, run.ExitCode);
        var line = Assert.Single(run.ErrorLines);
        Assert.Contains("prefix", line, StringComparison.Ordinal);
        Assert.Contains("suffix", line, StringComparison.Ordinal);
        Assert.DoesNotContain(Truth, account => run.Output.Contains(account.ProjectId, StringComparison.Ordinal));
        Assert.DoesNotContain("counter_volume", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public Task A_wrong_password_is_told() => AssertRefusedAsync(new LabConfiguration { Password = Password }, "password");

    [Fact]
    public Task A_wrong_domain_is_told() => AssertRefusedAsync(new LabConfiguration { Domain = "no-such-domain" }, "no-such-domain");

    [Theory]
    [InlineData("system_scope: all", "401")]
    [InlineData("swift_conso_tenant: service", "403")]
    public async Task A_user_without_rights_is_told(string scope, string said)
    {
        using var keystone = await KeystoneAdmin.LogInAsync();
        await using var user = await keystone.AddMemberAsync("scenario-member", Password);
        await AssertRefusedAsync(new LabConfiguration { User = "scenario-member", Password = Password, Scope = scope }, said);
    }

    [Fact]
    public async Task A_Keystone_that_is_down_is_told()
    {
        // The port is free: it was ours a moment ago.
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        listener.Stop();
        await AssertRefusedAsync(new LabConfiguration { KeystoneUri = $"http://{address}", Password = Password }, address);
    }

    [Fact]
    public Task What_is_no_Keystone_is_told() =>
        AssertRefusedAsync(new LabConfiguration { KeystoneUri = "http://127.0.0.1:6202", Password = Password }, "127.0.0.1:6202");

    private async Task AssertRefusedAsync(LabConfiguration configuration, string said)
    {
        var run = await PollAsync(configuration, ["--format", "ndjson"]);

        Assert.Equal(Service, run.ExitCode);
        Assert.Empty(run.Output);
        var line = Assert.Single(run.ErrorLines);
        Assert.StartsWith("consometer: Keystone ", line, StringComparison.Ordinal);
        Assert.Contains(said, line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(configuration.Password, run.Errors, StringComparison.Ordinal);
    }
}
