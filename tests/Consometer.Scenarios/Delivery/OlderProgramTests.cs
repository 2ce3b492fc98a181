using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Delivery;

/// <summary>The program in swift-consometer's place: its file, its variables, its command line, its queue.</summary>
public sealed class OlderProgramTests(RealSwift lab, RealBroker broker) : DeliveryTest(lab, broker)
{
    /// <summary>As its template writes it, but for the store, which it had not.</summary>
    private string Yaml => $"""
        credentials:
          openstack: #The user must have the role ResellerAdmin
            keystone_uri: http://127.0.0.1:5000
            swift_conso_tenant: "service"
            swift_conso_user: "consometer"
            swift_conso_password: "secret"
            swift_conso_domain: "default"
          rabbit:
            host: "127.0.0.1:{RealBroker.Port}"
            user: "{RealBroker.Admin.Name}"
            password: "{RealBroker.Admin.Password}"
            vhost: "{Host.Name}"
            exchange: "swift_consometer"
            routing_key: "metering"
            queue: "processor.collector"
        region: RegionTwo
        timeout: 10m
        workers: 8
        log_level: info
        store: {"{"} path: {LabConfiguration.StoreName} {"}"}

        """;

    [Fact]
    public async Task Its_file_runs_whole_rounds_through_the_proxy_to_its_queue()
    {
        await RealSwift.StartProxyAsync();
        Folder.Write("consometer.yaml", Yaml);
        var environment = new Dictionary<string, string> { ["SWIFT_REGION"] = "RegionOne", ["PERIOD"] = $"{LabConfiguration.LongPeriod.TotalHours:0}h" };
        await using var program = RunningProgram.Start(Repository.Program, ["-config", Folder.Path, "-l", "debug"], environment: environment);

        await Eventually.TrueAsync("a whole round", () => Store.Whole().Length == 1);
        await using var received = ReceivedMessages.Subscribe(Host, "processor.collector");
        await DeliveredAsync(received);

        Figure.AssertSame(AllFigures, received.Samples.Select(sample => sample.Figure));
        Assert.All(received.Messages, message => Assert.StartsWith("{\"args\":{\"data\":[{\"counter_name\":\"storage.objects", message.Body, StringComparison.Ordinal));
        program.Terminate();
        Assert.Equal(0, (await program.WaitAsync(Programs.Deadline)).ExitCode);
    }
}
