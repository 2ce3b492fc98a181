using System.Text.RegularExpressions;
using Consometer.Daemon;
using Consometer.Delivery.Publishing;
using Consometer.Metering.Rounds;
using Consometer.Status;
using Consometer.Tests.Configuration;
using Serilog;

namespace Consometer.Tests.Status;

/// <summary>What is on the page, and what is not; how it looks is for a browser to say.</summary>
public sealed partial class StatusPageTests
{
    private const string Markup = "<script>alert('x')</script>";

    private const string WithSecrets = """
        credentials:
          openstack: { keystone_uri: "https://keystone:5000/v3?key=pw-in-query", swift_conso_user: meter, swift_conso_password: pw-of-keystone, system_scope: all }
          rabbit: { host: broker, user: conso, password: pw-of-broker }
        publish: { format: ceilometer, telemetry_secret: pw-of-telemetry }
        otlp: { endpoint: "http://collector:4317/?token=pw-in-endpoint" }
        requests: { file: access.log }
        swift: {}
        """;

    [Fact]
    public async Task Whatever_is_named_with_markup_is_shown_as_text()
    {
        await using var shown = await ShownStatus.StartAsync();
        shown.Keep(
            ShownStatus.Whole(2) with { Unknown = 1, UnknownByReason = new Dictionary<string, long> { [Markup] = 1 }, Largest = [new LargeAccount(Markup, "p", 1, 2, 3)] },
            ShownStatus.Unknown(Markup));
        using var log = new LoggerConfiguration().WriteTo.Sink(shown.Trouble).CreateLogger();
        log.Warning("{Text:l}", Markup);

        var (_, page) = await shown.GetAsync("/");

        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Equal(6, Regex.Count(page, Regex.Escape("&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;")));
    }

    [Fact]
    public async Task Where_accounts_are_not_shown_there_is_no_name_and_no_figure_of_one()
    {
        var report = ShownStatus.Whole(3) with
        {
            Unknown = 1,
            UnknownByReason = new Dictionary<string, long> { ["timed_out"] = 1 },
            Largest = [new LargeAccount("AUTH_large", "large", 1, 2, 123_456_789)],
        };
        await using var open = await ShownStatus.StartAsync();
        open.Keep(report, ShownStatus.Unknown("tenant"));
        await using var closed = await ShownStatus.StartAsync($"{ConfigurationText.Least}\nstatus: {{ accounts: false }}");
        closed.Keep(report, ShownStatus.Unknown("tenant"));

        var (with, without) = (await open.PageAsync(), await closed.PageAsync());

        Assert.All(["AUTH_tenant", "AUTH_large", "123456789"], text => Assert.Contains(text, with, StringComparison.Ordinal));
        Assert.All(["AUTH_tenant", "AUTH_large", "tenant", "123456789"], text => Assert.DoesNotContain(text, without, StringComparison.Ordinal));
        Assert.Contains("1 account without a figure", without, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_configuration_is_shown_without_a_secret()
    {
        await using var shown = await ShownStatus.StartAsync(WithSecrets);

        var page = await shown.PageAsync();

        Assert.All(["https://keystone:5000/v3", "user meter", "broker:5672", "http://collector:4317/", "telemetry"], text => Assert.Contains(text, page.Replace("publish.format: ceilometer", "telemetry", StringComparison.Ordinal), StringComparison.Ordinal));
        Assert.DoesNotContain("pw-", page, StringComparison.Ordinal);
    }

    /// <summary>So that a key that is added is thought of: on the page, or among those that must not be.</summary>
    [Fact]
    public void Every_key_of_the_README_is_listed_or_is_none_to_be_shown()
    {
        string[] notShown =
        [
            "credentials.openstack.swift_conso_password", "credentials.openstack.application_credential_secret", "credentials.rabbit.password", "publish.telemetry_secret",
            // What they lead to is shown as credentials.openstack, or as what is published.
            "credentials.openstack.swift_conso_user", "credentials.openstack.swift_conso_tenant", "credentials.openstack.swift_conso_domain",
            "credentials.openstack.application_credential_id", "credentials.openstack.cloud", "credentials.openstack.cacert",
            "credentials.rabbit.exchange", "credentials.rabbit.routing_key", "credentials.rabbit.queue",
            "publish.format", "publish.batch_size", "publish.control_exchange", "publish.declare", "publish.topic",
            "credentials.rabbit.cacert", "credentials.rabbit.cert", "credentials.rabbit.key", "credentials.openstack.cert", "credentials.openstack.key",
        ];
        var options = ConfigurationText.Load(WithSecrets + "\ncluster: { mode: shared }\n");
        var listed = ConfigurationListing.Of(options).Select(key => key.Key).ToHashSet();

        var rows = File.ReadLines(Repository.Find("README.md")).SkipWhile(line => line != "| key | default | meaning |").TakeWhile(line => line.Length > 0).Select(line => Row().Match(line)).Where(row => row.Success).ToArray();
        string[] keys = [.. rows.Select(row => row.Groups["key"].Value).Where(key => !key.Contains("NAME", StringComparison.Ordinal))];

        Assert.InRange(keys.Length, 40, int.MaxValue);
        Assert.All(keys.Except(notShown), key => Assert.True(listed.Contains(key) || listed.Contains(key.Split('.')[0]), $"{key} is not listed"));
        Assert.Empty(notShown.Intersect(listed));
    }

    [Fact]
    public async Task Before_the_first_round_it_says_so()
    {
        await using var shown = await ShownStatus.StartAsync();
        Assert.Contains("No round yet", await shown.PageAsync(), StringComparison.Ordinal);

        shown.Board.Tell(new RoundNews.Begun(shown.Now));
        shown.Clock.Advance(TimeSpan.FromSeconds(20));

        Assert.Contains("The round of 2026-11-21 13:00 is under way, begun 20 s ago.", await shown.PageAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_ring_or_a_store_there_is_still_a_page()
    {
        await using var shown = await ShownStatus.StartAsync(ConfigurationText.Least.Replace("swift: {}", "strategy: proxy", StringComparison.Ordinal));
        Assert.Contains("the proxy is asked", await shown.PageAsync(), StringComparison.Ordinal);

        File.Delete(shown.Options.StorePath);
        Assert.Contains("The store cannot be read", await shown.PageAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_round_that_ends_is_on_the_page_at_once_and_one_that_runs_is_not()
    {
        await using var shown = await ShownStatus.StartAsync();
        shown.Keep(ShownStatus.Whole(41));
        Assert.Contains("of 41", await shown.PageAsync(), StringComparison.Ordinal);

        shown.Clock.Advance(ShownStatus.Hour);
        using (shown.Store.BeginRound(shown.Now, shown.Options.Region))
        {
            Assert.Contains("of 41", await shown.PageAsync(), StringComparison.Ordinal);
        }

        shown.Keep(ShownStatus.Whole(42));
        Assert.Contains("of 42", await shown.PageAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_that_takes_nothing_is_told_with_its_reason_since_when_it_does_not()
    {
        await using var shown = await ShownStatus.StartAsync(WithSecrets);
        shown.Board.Tell("ceilometer", new PumpNews.Connected("broker:5672"));
        Assert.Contains(">connected<", await shown.PageAsync(), StringComparison.Ordinal);

        shown.Board.Tell("ceilometer", new PumpNews.Interrupted("wanted a connection, found none", ShownStatus.Hour));
        shown.Clock.Advance(ShownStatus.Hour);
        shown.Board.Tell("ceilometer", new PumpNews.Interrupted("still none", ShownStatus.Hour));
        var page = await shown.PageAsync();

        Assert.Contains("ceilometer: nothing is delivered since 2026-11-21 13:00: still none.", page, StringComparison.Ordinal);
        Assert.Contains(">interrupted<", page, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^\| `(?<key>[a-z_]+(\.[a-zA-Z_]+)*)`")]
    private static partial Regex Row();
}
