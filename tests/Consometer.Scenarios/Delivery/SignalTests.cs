using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Delivery;

/// <summary>The daemon on the real Swift and broker, and the signals of an init system.</summary>
public sealed class SignalTests(RealSwift lab, RealBroker broker) : DeliveryTest(lab, broker)
{
    private const int Stops = 8;

    /// <summary>What an init system, or Kubernetes, is told to wait before it kills.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>A frozen node keeps the round from its end, so that most of the signals come in its midst; the moment is left to chance.</summary>
    [Fact]
    public async Task SIGTERM_in_mid_round_ends_it_in_time_and_nothing_is_lost()
    {
        var chance = Chance.Seeded();
        await using var received = ReceivedMessages.Subscribe(Host, Queue);
        var configuration = Few() with { Timeout = "10s", Swift = ["node_timeout: 3s"] };
        var stoppedInRound = 0;
        for (var stop = 0; stop < Stops; stop++)
        {
            await using var outage = stop % 2 == 0 ? await RealSwift.FreezeNodeAsync((stop % 4) + 1) : null;
            var before = Store.All().Length;
            await using var daemon = StartDaemon(configuration);
            await Eventually.TrueAsync("a round", () => Store.All().Length > before);
            await Task.Delay(chance.Next(300), TestContext.Current.CancellationToken);
            var log = await daemon.StopAsync(Grace);
            stoppedInRound += log.Count(line => line.Contains("stopped before its end", StringComparison.Ordinal));
        }

        Tell($"{stoppedInRound} of {Stops} stops were in a round");
        Assert.InRange(stoppedInRound, 1, Stops);
        await using (var daemon = StartDaemon(configuration))
        {
            await MoreRoundsAsync(Store, 1);
            await DeliveredAsync(received);
            await daemon.StopAsync(Grace);
        }

        await DeliverRestAsync(configuration, Store, received);
        new Delivered(received.Messages).AssertAll([.. Store.All()], FewFigures);
    }

    [Fact]
    public async Task SIGHUP_has_the_next_round_under_the_new_configuration()
    {
        await using var received = ReceivedMessages.Subscribe(Host, Queue);
        await using var daemon = StartDaemon(Few() with { Timeout = "366d" });
        await daemon.SaysAsync("samples delivered");

        Folder.Write(Few() with { Timeout = "2s" });
        daemon.Reload();
        await MoreRoundsAsync(Store, 2);
        await DeliveredAsync(received);
        var log = await daemon.StopAsync();
        await DeliverRestAsync(Few(), Store, received);

        Assert.Contains(log, line => line.Contains("the configuration is taken", StringComparison.Ordinal));
        new Delivered(received.Messages).AssertAll([.. Store.All()], FewFigures);
    }

    [Fact]
    public async Task A_configuration_that_is_wrong_is_refused_and_the_old_one_stays()
    {
        await using var daemon = StartDaemon(Few() with { Timeout = "2s" });
        await daemon.SaysAsync("samples delivered");
        (string Yaml, string[] Faults)[] wrong =
        [
            (new LabConfiguration { Timeout = "never", Strategy = "magic" }.ToYaml(), ["timeout: wanted", "strategy: wanted"]),
            ("{", ["wanted YAML"]),
            (new LabConfiguration { RingDir = "/nowhere" }.ToYaml(), ["/nowhere/account.ring.gz"]),
            (new LabConfiguration { StorePath = "/dev/null/store.db" }.ToYaml(), ["/dev/null/store.db"]),
        ];

        foreach (var (yaml, faults) in wrong)
        {
            Folder.Write("consometer.yaml", yaml);
            daemon.Reload();
            foreach (var fault in faults)
            {
                await daemon.SaysAsync(fault);
            }
        }

        await MoreRoundsAsync(Store, 2);
        var refused = (await daemon.StopAsync()).Where(line => line.Contains(" WARN 1013 ", StringComparison.Ordinal)).ToArray();
        Assert.Equal(wrong.Sum(each => each.Faults.Length), refused.Length);
    }
}
