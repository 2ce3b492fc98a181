using Consometer.Configuration;
using Consometer.Delivery.Publishing;
using Consometer.Swift.Keystone;
using Consometer.Tests.Configuration;
using Serilog.Events;

namespace Consometer.Tests.DropIn;

/// <summary>A configuration and a command line of swift-consometer's, to the letter.</summary>
public sealed class OlderProgramTests : IDisposable
{
    private const string Yaml = """
        credentials:
          openstack: #The user must have the role ResellerAdmin
            keystone_uri: http://keystone.example:35357 #Admin endpoint without version
            swift_conso_tenant: "services"
            swift_conso_user: "swift_consometer"
            swift_conso_password: "pw"
            swift_conso_domain: "default"
          rabbit:
            host: "swift_consometer-queue.service"
            user: "conso"
            password: "pw"
            vhost: "openstack"
            exchange: "swift_consometer"
            routing_key: "metering"
            queue: "processor.collector"
        region: int5
        timeout: 10m
        workers: 100
        log_level: panic
        graphite:
          hostname: carbon.example
          port: 2003
          prefix: swift-consometer

        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_key_of_its_file_is_taken_as_it_meant_it()
    {
        var options = ConfigurationText.Load(Yaml);

        Assert.Equal(("int5", TimeSpan.FromMinutes(10), 100, LogEventLevel.Fatal), (options.Region, options.Period, options.Workers, options.LogLevel));
        Assert.Equal(new Uri("http://keystone.example:35357"), options.Keystone!.Endpoint);
        Assert.Equal("user swift_consometer of domain default, project services of domain default", options.Keystone.ToString());
        Assert.Equal(new Secret("pw"), Assert.IsType<KeystoneCredentials.Password>(options.Keystone.Credentials).Text);
        Assert.Equal("broker swift_consometer-queue.service:5672, vhost openstack, user conso", options.Delivery!.Broker.ToString());
        Assert.Equal("pw", options.Delivery.Broker.Password);
        var publication = Assert.Single(options.Delivery.Publications);
        Assert.Equal(("consometer", 200), (publication.Format.Name, publication.BatchSize));
        Assert.Equal(new Destination("swift_consometer", "metering", "processor.collector", new Durability(Exchange: false, Queue: true)), publication.Destination);
    }

    [Fact]
    public void Its_file_means_the_proxy_at_its_admin_endpoint_if_there_is_one()
    {
        var options = ConfigurationText.Load(Yaml);

        Assert.Equal(Strategy.Proxy, options.Strategy);
        Assert.Equal(new ObjectStoreOptions("int5", "admin", null) { OtherInterface = "public" }, options.Keystone!.ObjectStore);
        Assert.Equal(
            new ObjectStoreOptions("int5", "internal", null),
            ConfigurationText.Load(Yaml.Replace("    swift_conso_domain", "    interface: internal\n    swift_conso_domain", StringComparison.Ordinal)).Keystone!.ObjectStore);
    }

    /// <summary>In each it gets as far as the ring, which is what there is not.</summary>
    [Theory]
    [InlineData("-config", "DIR", "-l", "debug")]
    [InlineData("-config=DIR", "-l=debug")]
    [InlineData("-l", "panic", "-config", "DIR/consometer.yaml")]
    [InlineData("--config=DIR")]
    [InlineData("--config", "DIR", "-l", "INFO")]
    public async Task Its_flags_without_a_command_run_the_daemon(params string[] arguments)
    {
        _folder.Write("consometer.yaml", Yaml + "swift: { dir: . }\n");

        var run = await ConsometerProgram.RunAsync([.. arguments.Select(argument => argument.Replace("DIR", _folder.Path, StringComparison.Ordinal))]);

        Assert.Equal((ExitCode.InputFile, ""), (run.ExitCode, run.Output));
        Assert.Contains($"ring {_folder.Find("account.ring.gz")}: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_flag_for_the_configuration_goes_with_every_command()
    {
        _folder.Write("consometer.yaml", Yaml + "swift: { dir: . }\n");

        foreach (var arguments in new string[][] { ["poll", "-config", _folder.Path], ["-config", _folder.Path, "run"] })
        {
            var run = await ConsometerProgram.RunAsync(arguments);
            Assert.Equal(ExitCode.InputFile, run.ExitCode);
        }
    }

    [Theory]
    [InlineData("-v")]
    [InlineData("-config", "/nowhere", "-l", "debug", "-v")]
    [InlineData("run", "-v")]
    public async Task The_version_is_told_whatever_else_there_is(params string[] arguments)
    {
        var run = await ConsometerProgram.RunAsync(arguments);

        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.Matches(@"^\d+\.\d+\.\d+\S*\n\z", run.Output);
    }

    [Theory]
    [InlineData("-config", "/nowhere")]
    [InlineData("-config=/nowhere")]
    public async Task A_configuration_that_is_not_there_is_told(params string[] arguments) =>
        ConsometerProgram.AssertRefused(await ConsometerProgram.RunAsync(arguments), ExitCode.Configuration, "/nowhere: no such file");
}
