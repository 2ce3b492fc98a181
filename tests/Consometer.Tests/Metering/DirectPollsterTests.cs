using System.Runtime.CompilerServices;
using Consometer.Metering;
using Consometer.Metering.Polling;
using Consometer.Rings;
using Consometer.Swift.Accounts;

namespace Consometer.Tests.Metering;

/// <summary>The pollster against account-servers on loopback: who is asked, how many at once, and how it ends.</summary>
public sealed class DirectPollsterTests
{
    private const int SafetyNet = 60_000;

    private static readonly Reply Present = Reply.Recorded("swift-2.38", "account-head-204.http");
    private static readonly AccountUsage Usage = new(5, 1251, 993059742637)
    {
        Policies = [new PolicyUsage("Gold", 3, 1248, 993059730292), new PolicyUsage("Silver", 2, 3, 12345)],
    };

    [Fact(Timeout = SafetyNet)]
    public async Task Every_account_is_settled_once_and_asked_once_where_all_is_well()
    {
        await using var cluster = new Cluster(4, (_, _) => Task.FromResult(Present));

        var outcomes = await cluster.PollAsync(Accounts(500)).ToArrayAsync(TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(0, 500).Select(Name).Order(), outcomes.Select(outcome => outcome.Account.Name).Order());
        Assert.All(outcomes, outcome => Assert.Equal(Usage, Assert.IsType<AccountOutcome.Measured>(outcome).Usage));
        Assert.Equal(500, cluster.Servers.Sum(server => server.Requests.Count));
        Assert.All(cluster.Servers, server => Assert.NotEmpty(server.Requests));
    }

    [Fact(Timeout = SafetyNet)]
    public async Task A_dead_node_costs_no_account_its_figure()
    {
        await using var cluster = new Cluster(3, (_, _) => Task.FromResult(Present), deadPort: ScriptedServer.ClosedPort());

        var outcomes = await cluster.PollAsync(Accounts(300)).ToArrayAsync(TestContext.Current.CancellationToken);

        Assert.Equal(300, outcomes.Length);
        Assert.All(outcomes, outcome => Assert.IsType<AccountOutcome.Measured>(outcome));
    }

    [Fact(Timeout = SafetyNet)]
    public async Task An_account_that_only_a_handoff_has_is_measured_there()
    {
        // With one replica on four nodes there is one primary and, as far as the rule goes, one handoff.
        await using var cluster = new Cluster(4, (_, _) => Task.FromResult(Reply.Recorded("swift-2.38", "account-head-404-missing.http")), replicas: 1);
        var outcome = Assert.Single(await cluster.PollAsync(Accounts(1)).ToArrayAsync(TestContext.Current.CancellationToken));
        Assert.IsType<AccountOutcome.Absent>(outcome);
        Assert.Equal(2, cluster.Servers.Sum(server => server.Requests.Count));

        var placement = cluster.Ring.Locate(TestRing.HashPath.Hash(Name(0)));
        var asked = cluster.Servers.Where(server => server.Requests.Count > 0).Select(server => server.Port);
        Assert.Equal(placement.Primaries().Concat(placement.Handoffs().Take(1)).Select(device => device.Port).Order(), asked.Order());
    }

    [Fact(Timeout = SafetyNet)]
    public async Task No_more_requests_than_workers_are_in_flight_and_no_fewer_where_there_is_work()
    {
        var gauge = new Gauge(5);
        await using var cluster = new Cluster(4, async (_, _) => await PassAsync(gauge), workers: 5, workersPerNode: 4);

        var outcomes = await cluster.PollAsync(Accounts(300)).CountAsync(TestContext.Current.CancellationToken);

        Assert.Equal((300, 5), (outcomes, gauge.InsideMax));
    }

    [Fact(Timeout = SafetyNet)]
    public async Task No_more_requests_than_workers_per_node_are_in_flight_at_a_node_and_no_fewer()
    {
        var gauges = Enumerable.Range(0, 3).Select(_ => new Gauge(2)).ToArray();
        await using var cluster = new Cluster(3, async (node, _) => await PassAsync(gauges[node]), workers: 100, workersPerNode: 2);

        var outcomes = await cluster.PollAsync(Accounts(300)).CountAsync(TestContext.Current.CancellationToken);

        Assert.Equal(300, outcomes);
        Assert.All(gauges, gauge => Assert.Equal(2, gauge.InsideMax));
    }

    [Fact(Timeout = SafetyNet)]
    public async Task Accounts_that_cannot_be_listed_any_more_end_the_poll_with_that_error()
    {
        await using var cluster = new Cluster(3, (_, _) => Task.FromResult(Present));

        var error = await Assert.ThrowsAsync<InputFileException>(() => cluster.PollAsync(Broken()).CountAsync(TestContext.Current.CancellationToken).AsTask());
        Assert.Equal("accounts: gone", error.Message);

        static async IAsyncEnumerable<Account> Broken()
        {
            await foreach (var account in Accounts(20))
            {
                yield return account;
            }

            throw new InputFileException("accounts: gone");
        }
    }

    [Fact(Timeout = SafetyNet)]
    public async Task A_reader_that_stops_early_ends_the_poll_and_the_reading_of_accounts()
    {
        await using var cluster = new Cluster(3, (_, _) => Task.FromResult(Present));
        var accounts = new Endless();

        await foreach (var _ in cluster.PollAsync(accounts.ReadAsync()))
        {
            break;
        }

        Assert.True(accounts.IsDisposed);
    }

    [Fact(Timeout = SafetyNet)]
    public async Task A_node_that_hangs_does_not_keep_the_poll_from_being_cancelled()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var cluster = new Cluster(3, (_, _) =>
        {
            asked.TrySetResult();
            return Task.FromResult(Reply.Hang);
        });
        using var stopping = new CancellationTokenSource();
        var polling = cluster.PollUntilAsync(new Endless().ReadAsync(), stopping.Token).CountAsync(TestContext.Current.CancellationToken).AsTask();

        await asked.Task;
        await stopping.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => polling);
    }

    [Fact(Timeout = SafetyNet)]
    public async Task Accounts_are_not_listed_ahead_of_a_reader_that_takes_its_time()
    {
        // Four for each request that could be in flight, eight times as many before them, and after them some hundred batches of one to sixteen outcomes.
        const int Places = 4 * 8;
        const int Batches = 4096 / 16;
        const int Ahead = (8 * Places) + Places + Batches;
        await using var cluster = new Cluster(4, (_, _) => Task.FromResult(Present), workers: 8, workersPerNode: 2);
        var accounts = new Endless(full: Ahead);
        var taken = 0;

        await foreach (var _ in cluster.PollAsync(accounts.ReadAsync()))
        {
            // The reader holds still until the list is as far ahead as it may be.
            await accounts.WaitUntilFullAsync();
            accounts.Took();
            if (++taken == 1000)
            {
                break;
            }
        }

        Assert.InRange(accounts.LeadMax, Ahead, Ahead + (16 * (Batches + Places)));
    }

    [Theory(Timeout = SafetyNet)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(500)]
    public async Task What_became_of_accounts_is_passed_on_while_the_list_keeps_others_waiting(int listed)
    {
        await using var cluster = new Cluster(4, (_, _) => Task.FromResult(Present));
        var allRead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var read = 0;

        await foreach (var _ in cluster.PollAsync(ListAsync()))
        {
            if (++read == listed)
            {
                allRead.SetResult();
            }
        }

        Assert.Equal(listed + 1, read);

        async IAsyncEnumerable<Account> ListAsync()
        {
            await foreach (var account in Accounts(listed))
            {
                yield return account;
            }

            await allRead.Task;
            yield return new Account("AUTH_last", "last", "last");
        }
    }

    private static async Task<Reply> PassAsync(Gauge gauge)
    {
        await gauge.PassAsync();
        return Present;
    }

    private static string Name(int i) => $"AUTH_{i:d4}";

    private static IAsyncEnumerable<Account> Accounts(int count) => Enumerable.Range(0, count).Select(i => new Account(Name(i), $"{i}", $"{i}")).ToAsyncEnumerable();

    /// <summary>Accounts without end, and how far their reading is ahead of what was taken.</summary>
    private sealed class Endless(int full = int.MaxValue)
    {
        private readonly TaskCompletionSource _full = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _taken;

        public bool IsDisposed { get; private set; }

        public int LeadMax { get; private set; }

        public void Took() => Interlocked.Increment(ref _taken);

        public Task WaitUntilFullAsync() => _full.Task;

        public IAsyncEnumerable<Account> ReadAsync() => ReadUntilAsync(CancellationToken.None);

        private async IAsyncEnumerable<Account> ReadUntilAsync([EnumeratorCancellation] CancellationToken stopping)
        {
            try
            {
                for (var i = 0; !stopping.IsCancellationRequested; i++)
                {
                    await Task.Yield();
                    var lead = i + 1 - Volatile.Read(ref _taken);
                    LeadMax = Math.Max(LeadMax, lead);
                    if (lead >= full)
                    {
                        _full.TrySetResult();
                    }

                    yield return new Account(Name(i), $"{i}", $"{i}");
                }
            }
            finally
            {
                IsDisposed = true;
            }
        }
    }

    /// <summary>Account-servers on loopback, the ring that has a device on each, and a pollster over them.</summary>
    private sealed class Cluster : IAsyncDisposable
    {
        private readonly AccountServers _client = new(new AccountServerOptions(Network.Client, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30)), new ManualClock());
        private readonly DirectPollsterOptions _options;

        public Cluster(int nodes, Func<int, Request, Task<Reply>> script, int replicas = 3, int workers = 8, int workersPerNode = 4, int? deadPort = null)
        {
            Servers = [.. Enumerable.Range(0, nodes).Select(node => ScriptedServer.Start(request => script(node, request)))];
            int[] ports = [.. Servers.Select(server => server.Port), .. deadPort is { } port ? [port] : Array.Empty<int>()];
            Ring = TestRing.Spread(replicas, [.. ports.Select((port, id) => TestRing.DeviceAt(id, port))]);
            _options = new DirectPollsterOptions(workers, workersPerNode);
        }

        public IReadOnlyList<ScriptedServer> Servers { get; }

        public RingTable Ring { get; }

        public IAsyncEnumerable<AccountOutcome> PollAsync(IAsyncEnumerable<Account> accounts) =>
            PollUntilAsync(accounts, TestContext.Current.CancellationToken);

        public IAsyncEnumerable<AccountOutcome> PollUntilAsync(IAsyncEnumerable<Account> accounts, CancellationToken stopping) =>
            new DirectPollster(Ring, TestRing.HashPath, _client, _options, new ManualClock()).PollAsync(accounts, CancellationToken.None, stopping)
                .OfType<Polled.Settled>().Select(settled => settled.Outcome);

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            foreach (var server in Servers)
            {
                await server.DisposeAsync();
            }
        }
    }
}
