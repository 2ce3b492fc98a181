using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Running;
using Consometer.Scenarios.Samples;

namespace Consometer.Scenarios.Delivery;

/// <summary>A broker that refuses, and one that is not whom it should be.</summary>
public sealed class RefusalTests(RealSwift lab, RealBroker broker) : DeliveryTest(lab, broker)
{
    private const string Secret = "not-the-password";
    private const string Good = "tls: true, cacert: CA, cert: CERT, key: KEY";

    [Theory]
    [InlineData("password", "ACCESS_REFUSED")]
    [InlineData("vhost", "not found")]
    [InlineData("rights", "access to exchange 'metering'")]
    public async Task A_refusal_is_one_line_without_the_password_and_samples_stay(string what, string said)
    {
        var settings = what switch
        {
            "password" => Host.Settings(RealBroker.Admin with { Password = Secret }),
            "vhost" => Host.Settings(RealBroker.Admin).Replace($"vhost: {Host.Name}", $"vhost: no-{Host.Name}", StringComparison.Ordinal),
            _ => Host.Settings(RealBroker.Writer),
        };

        await AssertRefusedAsync(settings + Names, said);
    }

    /// <summary>A daemon goes on; when the operator has mended it, it delivers.</summary>
    [Fact]
    public async Task A_daemon_that_is_refused_says_so_on_one_line_and_delivers_when_it_is_not()
    {
        await Host.DeclareAsync(Exchange, Queue, Queue);
        await using (var daemon = StartDaemon(Few(Host.Settings(RealBroker.Admin with { Password = Secret }) + Names)))
        {
            await daemon.SaysAsync("ACCESS_REFUSED", times: 2);
            await Eventually.TrueAsync("messages that wait", () => Store.Waiting() > 0);
            Assert.All(await daemon.StopAsync(), line => Assert.DoesNotContain(Secret, line, StringComparison.Ordinal));
        }

        await using var received = ReceivedMessages.Subscribe(Host, Queue);
        await DeliverRestAsync(Few(), Store, received);
        new Delivered(received.Messages).AssertAll(Store.All(), FewFigures);
    }

    [Fact]
    public async Task Over_TLS_with_the_right_authority_and_certificate_samples_are_delivered()
    {
        Folder.Write(Few(Tls(Good)));
        (await PublishAsync()).Succeeded();
        Assert.Equal(0, Store.Waiting());
        await AssertReceivedAsync();
    }

    [Theory]
    [InlineData("tls: true, cacert: STRANGER-CA, cert: CERT, key: KEY", "localhost")]
    [InlineData("tls: true, cert: CERT, key: KEY", "localhost")]
    [InlineData(Good, "127.0.0.1")]
    [InlineData("tls: true, cacert: CA, cert: STRANGER-CERT, key: STRANGER-KEY", "localhost")]
    [InlineData("tls: true, cacert: CA", "localhost")]
    public async Task Over_TLS_whoever_is_not_known_gets_nothing(string tls, string host) =>
        await AssertRefusedAsync(Tls(tls).Replace("host: localhost", $"host: {host}", StringComparison.Ordinal), "wanted a connection, found");

    [Fact]
    public async Task A_host_that_is_dead_is_passed_over()
    {
        Folder.Write(Few(Rabbit.Replace("host: 127.0.0.1", "host: [127.0.0.1:9, localhost]", StringComparison.Ordinal)));
        (await PublishAsync()).Succeeded();
        await AssertReceivedAsync();
    }

    private string Tls(string tls)
    {
        var files = tls.Replace("STRANGER-CA", RealBroker.TlsFile("stranger-ca.pem"), StringComparison.Ordinal)
            .Replace("STRANGER-CERT", RealBroker.TlsFile("stranger.pem"), StringComparison.Ordinal)
            .Replace("STRANGER-KEY", RealBroker.TlsFile("stranger.key"), StringComparison.Ordinal)
            .Replace(": CA", $": {RealBroker.TlsFile("ca.pem")}", StringComparison.Ordinal)
            .Replace(": CERT", $": {RealBroker.TlsFile("client.pem")}", StringComparison.Ordinal)
            .Replace(": KEY", $": {RealBroker.TlsFile("client.key")}", StringComparison.Ordinal);
        return Host.TlsSettings(RealBroker.Admin).Replace("tls: true", files, StringComparison.Ordinal) + Names;
    }

    private Task<ProgramRun> PublishAsync() => Programs.ConsometerAsync(["poll", "--publish", "--format", "ndjson", "--config", Folder.Path]);

    /// <summary>The round is printed, its messages wait, and beside what the log says of both there is one line of the refusal.</summary>
    private async Task AssertRefusedAsync(string rabbit, string said)
    {
        Folder.Write(Few(rabbit));
        var run = await PublishAsync();

        Assert.Equal(5, run.ExitCode);
        Assert.Equal(FewFigures.Length, PrintedSample.FromNdjson(run.Output).Length);
        var line = Assert.Single(run.ErrorLines, line => line.StartsWith("consometer: ", StringComparison.Ordinal));
        Assert.Contains(said, line, StringComparison.Ordinal);
        Assert.Single(run.ErrorLines, line => line.Contains("wait in", StringComparison.Ordinal));
        Assert.Equal(3, run.ErrorLines.Length);
        Assert.All([RealBroker.Admin.Password, RealBroker.Writer.Password, Secret], secret => Assert.DoesNotContain(secret, run.Errors, StringComparison.Ordinal));
        Assert.NotEqual(0, Store.Waiting());
    }

    private async Task AssertReceivedAsync()
    {
        await using var received = ReceivedMessages.Subscribe(Host, Queue);
        await received.DrainedAsync();
        new Delivered(received.Messages).AssertAll(Store.All(), FewFigures);
    }
}
