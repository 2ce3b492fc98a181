using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Run;
using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Delivery;

/// <summary>A test of what is delivered: the program, the lab's broker, and who reads from it.</summary>
public abstract class DeliveryTest(RealSwift lab, RealBroker broker) : BrokerTest(lab, broker)
{
    /// <summary>Where messages of the older format go.</summary>
    private protected const string Exchange = "metering";

    private protected const string Queue = "metering.sample";

    /// <summary>The file of <see cref="Few"/>.</summary>
    private protected const string ProjectsFile = "projects.txt";

    private const int FewMeasured = 30;

    /// <summary>A few accounts of each kind, odd names among them: a round over them takes a tenth of a second.</summary>
    private protected AccountTruth[] FewAccounts =>
        [.. Truth.Where(account => account.Kind == AccountKind.Measured).Take(FewMeasured), .. Truth.Where(account => account.Kind != AccountKind.Measured)];

    private protected Figure[] FewFigures => [.. FewAccounts.SelectMany(account => account.Figures)];

    private protected StoredRounds Store => new(Folder.Store);

    /// <summary>All there is to say of the broker for the older format.</summary>
    private protected string Rabbit => Host.Settings(RealBroker.Admin) + Names;

    private protected static string Names => $", exchange: {Exchange}, routing_key: {Queue}, queue: {Queue}";

    /// <summary>A configuration for the few accounts, which Keystone is not asked for. The longest period: every poll is in the same.</summary>
    private protected LabConfiguration Few(string? rabbit = null, string publish = "format: consometer")
    {
        Folder.Write(ProjectsFile, string.Concat(FewAccounts.Select(account => account.ProjectId + "\n")));
        return new LabConfiguration { Projects = $"source: file, file: {ProjectsFile}", Rabbit = rabbit ?? Rabbit, Publish = publish };
    }

    private protected Daemon StartDaemon(LabConfiguration configuration)
    {
        Folder.Write(configuration);
        return Daemon.Start(Folder);
    }

    private protected static void Tell(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    /// <summary>Until nothing waits for the broker any more, and what it had is here.</summary>
    private protected async Task DeliveredAsync(params ReceivedMessages[] all)
    {
        await EmptyAsync(Store);
        foreach (var received in all)
        {
            await received.DrainedAsync();
        }
    }

    /// <summary>With a period that has its round already the daemon makes none, and only sends what waits.</summary>
    private protected async Task DeliverRestAsync(LabConfiguration configuration, StoredRounds store, params ReceivedMessages[] all)
    {
        await using var daemon = StartDaemon(configuration with { Timeout = "366d" });
        await daemon.SaysAsync("metering region");
        await EmptyAsync(store);
        await daemon.StopAsync();
        foreach (var received in all)
        {
            await received.DrainedAsync();
        }
    }

    private static Task EmptyAsync(StoredRounds store)
    {
        var waiting = 0L;
        return Eventually.TrueAsync(
            () => $"an empty outbox: {waiting} messages of {store.Whole().Length} rounds wait",
            () => Task.FromResult((waiting = store.Waiting()) == 0));
    }

    private protected static async Task MoreRoundsAsync(StoredRounds store, int more)
    {
        var wanted = store.Whole().Length + more;
        await Eventually.TrueAsync($"{wanted} whole rounds", () => store.Whole().Length >= wanted);
    }
}
