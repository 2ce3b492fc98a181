using Consometer.Scenarios.Delivery;
using Consometer.Scenarios.Lab;

namespace Consometer.Scenarios.Shared;

/// <summary>What befalls a round that several daemons share in its midst.</summary>
public sealed class SharedRoundTests(RealSwift lab, RealBroker broker) : SharingTest(lab, broker)
{
    /// <summary>Two daemons ask four nodes so often: some 600 accounts take them four seconds.</summary>
    private const string Slowly = "requests_per_second: 20";

    [Fact]
    public async Task Tasks_in_hand_when_the_broker_dies_are_finished_and_delivered_when_it_is_back()
    {
        await using var received = ReceivedMessages.Subscribe(Host, Queue);
        var configuration = Sharing(taskAccounts: 20) with { Swift = [Slowly] };
        await using var one = SharingDaemon.Start(configuration);
        await using var other = SharingDaemon.Start(configuration);
        SharingDaemon[] daemons = [one, other];
        await Eventually.TrueAsync("a task each", () => daemons.All(daemon => daemon.Count(1606) > 0));

        await using (await RealBroker.KillAsync())
        {
            await Eventually.TrueAsync("both apart", () => daemons.All(daemon => daemon.Count(1602) > 0));
            await Eventually.TrueAsync("the tasks in hand polled", () => daemons.All(daemon => !daemon.IsPolling && daemon.Store.Waiting() > 0));
            Assert.All(daemons, daemon => Assert.Empty(daemon.Store.Reports()));
        }

        await Eventually.TrueAsync("the round's end", () => daemons.All(daemon => daemon.Store.Reports().Length > 0));
        await StopAsync(daemons, received);
        var round = Assert.Single(AssertWhole(daemons, received, [.. Truth]));
        Assert.Equal(daemons.Length, round.Workers.Length);
        Assert.NotEqual(0, round.Tasks("redelivered"));
    }

    [Fact]
    public async Task A_round_is_whole_though_its_coordinator_stops_and_another_daemon_takes_a_new_configuration()
    {
        await using var received = ReceivedMessages.Subscribe(Host, Queue);
        var configuration = Sharing(taskAccounts: 20) with { Swift = [Slowly] };
        await using var one = SharingDaemon.Start(configuration);
        await one.Life.SaysAsync(" 1603 ");
        await using var other = SharingDaemon.Start(configuration);
        await using var third = SharingDaemon.Start(configuration);
        SharingDaemon[] daemons = [one, other, third];
        await Eventually.TrueAsync("a task each", () => daemons.All(daemon => daemon.Count(1606) > 0));

        other.Folder.Write(configuration with { Publish = configuration.Publish.Replace("batch_size: 50", "batch_size: 40", StringComparison.Ordinal) });
        other.Life.Reload();
        await one.StopAsync();

        SharingDaemon[] left = [other, third];
        await Eventually.TrueAsync("the round's end", () => left.All(daemon => daemon.Store.Reports().Length > 0));
        Assert.Empty(one.Store.Reports());

        // What it had polled and not delivered others have done meanwhile: it delivers that all the same, and hears how the round ended.
        one.Begin();
        await Eventually.TrueAsync("word of the round", () => one.Store.Reports().Length > 0);
        await StopAsync(daemons, received);
        var round = Assert.Single(AssertWhole(daemons, received, [.. Truth]));
        Assert.Equal(daemons.Length, round.Workers.Length);
        Assert.Contains(left, daemon => daemon.Count(1604) > 0);
        Assert.Equal((1, 0), (other.Count(1012), other.Count(1602)));
    }

    /// <summary>A tenth of 40 s. Four nodes five times a second are some 80 accounts: four tasks, and another in its midst.</summary>
    [Fact]
    public async Task Tasks_that_nobody_comes_to_in_time_are_unknown_account_by_account()
    {
        await using var received = ReceivedMessages.Subscribe(Host, Queue);
        await using var daemon = SharingDaemon.Start(Sharing(taskAccounts: 20) with { Timeout = "40s", PollingShare = "0.1", Swift = ["requests_per_second: 5"] });
        await Eventually.TrueAsync("a round's end", () => daemon.Store.Reports().Length > 0);
        await StopAsync([daemon], received);

        var round = daemon.Store.Reports()[0];
        Assert.Equal("complete", round.State);
        Assert.Equal(Truth.Count, round.Count("accounts"));
        Assert.Equal(round.Unknown, round.UnknownBy("late") + round.UnknownBy("out_of_time"));
        Assert.Equal(round.Tasks("published"), round.Tasks("done") + round.Tasks("late"));
        Assert.InRange(round.Tasks("late"), 1, round.Tasks("published") - 1);

        // What is known of an account is delivered, and the others are named: none is both.
        new Delivered(received.Messages).AssertOneIdEach();
        var unknown = daemon.Store.NotMeasured(round.Time).Where(account => account.Outcome == "unknown").ToArray();
        Assert.Equal(round.Unknown, unknown.Length);
        Assert.Equal(round.UnknownBy("late"), unknown.Count(account => account.Reason.StartsWith("late", StringComparison.Ordinal)));
        var known = Truth.ExceptBy(unknown.Select(account => account.Account), account => account.Account).ToArray();
        var samples = SamplesByTime(received)[round.Time].ToArray();
        Figure.AssertSame(known.SelectMany(account => account.Figures), samples.Select(sample => sample.Figure));
        Assert.Equal(samples.Length, round.Count("samples"));
    }
}
