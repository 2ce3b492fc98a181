using System.Globalization;
using Consometer.Configuration;
using Consometer.Simulation;
using Consometer.Tests.Simulation;

namespace Consometer.Tests.DropIn;

/// <summary>
/// Goal: no secret is printed, whatever goes wrong. Method: every command that uses secrets, logging all it can, with credentials that are
/// accepted and refused, and with a broker that talks nonsense or repeats the password; then all output is searched for each secret there was.
/// </summary>
public sealed class SecretTests : IAsyncLifetime
{
    private const string BrokerPassword = "pw-of-the-broker";
    private const string TelemetrySecret = "sign-with-this";

    private RunningCluster? _running;

    private SimulatedCluster Cluster => _running!.Cluster;

    public async ValueTask InitializeAsync() => _running = await RunningCluster.StartAsync(new SimulationPlan { Accounts = 20 });

    public ValueTask DisposeAsync() => _running!.DisposeAsync();

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task No_secret_is_printed(bool isPasswordRight, bool isPasswordRepeated)
    {
        await using var broker = new HostileBroker(isPasswordRepeated ? BrokerPassword : null);
        var password = isPasswordRight ? Cluster.KeystonePassword : "pw-that-is-wrong";
        var config = Write(broker.Port, $"swift_conso_user: {Cluster.KeystoneUser}, swift_conso_password: {password}, system_scope: all");
        await AssertNoneIsPrintedAsync(config, broker, password, isPasswordRight, isPasswordRepeated);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_secret_of_an_application_credential_is_printed(bool isRight)
    {
        await using var broker = new HostileBroker(null);
        var secret = isRight ? Cluster.KeystoneApplicationCredential.Secret : "secret-that-is-wrong";
        var config = Write(broker.Port, $"application_credential_id: {Cluster.KeystoneApplicationCredential.Id}, application_credential_secret: {secret}");
        await AssertNoneIsPrintedAsync(config, broker, secret, isRight, isPasswordRepeated: false);
    }

    private async Task AssertNoneIsPrintedAsync(string config, HostileBroker broker, string password, bool isPasswordRight, bool isPasswordRepeated)
    {
        Run[] runs =
        [
            // First of all: a period that has its round is not metered again.
            await ConsometerProgram.RunUntilAsync(isPasswordRight ? ["next try in", "accounts in"] : ["next try in", "401"], "-config", config, "-l", "debug"),
            await ConsometerProgram.RunAsync("check", "--config", config, "-l", "debug"),
            await ConsometerProgram.RunAsync("check", "--config", config, "-l", "debug", "--format", "json"),
            await ConsometerProgram.RunAsync("poll", "--publish", "--config", config, "-l", "debug"),
        ];

        // There was something to print: logins were tried, tokens issued, the broker told its password.
        Assert.All(runs, run => Assert.Matches(isPasswordRight ? "wanted a connection, found" : "401", run.Output + run.Error));
        Assert.Equal(isPasswordRight, Cluster.KeystoneTokenValues.Count >= runs.Length);
        Assert.Equal(isPasswordRepeated, broker.Told > 0);
        Assert.Equal(isPasswordRepeated, runs.Any(run => (run.Output + run.Error).Contains("***", StringComparison.Ordinal)));
        string[] secrets = [password, BrokerPassword, TelemetrySecret, "simulated-suffix", .. Cluster.KeystoneTokenValues];
        Assert.All(runs, run => Assert.All(secrets, secret => Assert.DoesNotContain(secret, run.Output + run.Error, StringComparison.Ordinal)));
    }

    [Fact]
    public void No_option_prints_a_secret()
    {
        var options = ConfigurationFile.Load(
            Write(port: 1, $"swift_conso_user: {Cluster.KeystoneUser}, swift_conso_password: {Cluster.KeystonePassword}, system_scope: all"), _ => null);

        object[] parts = [options, options.Keystone!, options.Keystone!.Credentials, options.Delivery!, options.Delivery!.Broker, .. options.Delivery.Publications];
        string[] secrets = [Cluster.KeystonePassword, BrokerPassword, TelemetrySecret];
        Assert.Equal(7, parts.Length);
        Assert.All(parts, part => Assert.All(secrets, secret => Assert.DoesNotContain(secret, part.ToString()!, StringComparison.Ordinal)));
    }

    private string Write(int port, string credentials)
    {
        var file = Path.Combine(Cluster.Folder, "consometer.yaml");
        File.WriteAllText(file, string.Create(CultureInfo.InvariantCulture, $$"""
            credentials:
              openstack: { keystone_uri: {{Cluster.KeystoneUri}}, {{credentials}} }
              rabbit: { host: 127.0.0.1, port: {{port}}, user: conso, password: {{BrokerPassword}} }
            swift: { dir: ., conf: swift.conf }
            publish: { format: [consometer, ceilometer], telemetry_secret: {{TelemetrySecret}} }
            store: { path: consometer.db }
            status: { listen: 127.0.0.1:0 }
            """));
        return file;
    }
}
