using Consometer.Simulation;
using Consometer.Swift.Keystone;
using Consometer.Tests.Simulation;

namespace Consometer.Tests.Swift;

/// <summary>One token for all who ask: got once, renewed in time and after a 401, and no other.</summary>
public sealed class KeystoneSessionTests : IAsyncLifetime
{
    private static readonly SimulationPlan Plan = new() { Accounts = 12, TokenLifetime = TimeSpan.FromHours(1) };

    private readonly ManualClock _clock = new();
    private RunningCluster? _running;

    private SimulatedCluster Cluster => _running!.Cluster;

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _running = await RunningCluster.StartAsync(Plan, _clock);

    public ValueTask DisposeAsync() => _running!.DisposeAsync();

    [Fact]
    public async Task However_many_ask_one_request_is_made()
    {
        using var keystone = new KeystoneSession(SystemReader(Cluster), _clock);
        var tokens = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => keystone.TokenAsync(Stopping)));

        Assert.Single(tokens.Distinct());
        Assert.Equal(1, Cluster.KeystoneTokens);
    }

    [Fact]
    public async Task A_token_of_an_hour_is_renewed_when_two_minutes_of_it_remain()
    {
        using var keystone = new KeystoneSession(SystemReader(Cluster), _clock);
        var first = await keystone.TokenAsync(Stopping);
        _clock.Advance(TimeSpan.FromSeconds(3479));
        Assert.Same(first, await keystone.TokenAsync(Stopping));

        _clock.Advance(TimeSpan.FromSeconds(1.5));

        Assert.NotEqual(first.Value, (await keystone.TokenAsync(Stopping)).Value);
        Assert.Equal((ManualClock.Start + TimeSpan.FromHours(1), 2), (first.Expires, Cluster.KeystoneTokens));
    }

    [Fact]
    public async Task A_token_of_five_seconds_is_renewed_when_a_tenth_of_it_remains()
    {
        await using var running = await RunningCluster.StartAsync(Plan with { TokenLifetime = TimeSpan.FromSeconds(5) }, _clock);
        using var keystone = new KeystoneSession(SystemReader(running.Cluster), _clock);
        var first = await keystone.TokenAsync(Stopping);
        _clock.Advance(TimeSpan.FromSeconds(4.4));
        Assert.Same(first, await keystone.TokenAsync(Stopping));

        _clock.Advance(TimeSpan.FromSeconds(0.2));

        Assert.NotSame(first, await keystone.TokenAsync(Stopping));
    }

    [Fact]
    public async Task Of_many_who_were_refused_one_token_the_first_has_it_renewed_and_no_other()
    {
        using var keystone = new KeystoneSession(SystemReader(Cluster), _clock);
        var refused = await keystone.TokenAsync(Stopping);
        for (var i = 0; i < 20; i++)
        {
            keystone.Invalidate(refused);
            Assert.NotEqual(refused.Value, (await keystone.TokenAsync(Stopping)).Value);
        }

        Assert.Equal(2, Cluster.KeystoneTokens);
    }

    [Fact]
    public async Task A_failure_is_that_of_all_who_wait_and_the_next_who_asks_tries_again()
    {
        var gate = new TaskCompletionSource<Reply>();
        await using var server = ScriptedServer.Start(_ => gate.Task);
        using var keystone = new KeystoneSession(ProjectListingTests.Options(server.Uri), _clock);
        Task[] asking = [.. Enumerable.Range(0, 20).Select(_ => keystone.TokenAsync(Stopping))];
        gate.SetResult(Reply.Json("{}", "500 Oops"));

        Assert.All(asking, task => Assert.Contains("500", Assert.Throws<KeystoneException>(() => task.GetAwaiter().GetResult()).Message, StringComparison.Ordinal));
        Assert.Equal(2, server.Requests.Count);
        await Assert.ThrowsAsync<KeystoneException>(() => keystone.TokenAsync(Stopping));
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public async Task A_token_that_cannot_be_renewed_in_time_serves_to_its_end()
    {
        var isDown = false;
        await using var server = ScriptedServer.Start(_ => isDown ? Reply.Json("{}", "503 Down") : ProjectListingTests.Token);
        using var keystone = new KeystoneSession(ProjectListingTests.Options(server.Uri), _clock);
        var token = await keystone.TokenAsync(Stopping);
        isDown = true;

        _clock.Advance(TimeSpan.FromSeconds(3500));
        Assert.Same(token, await keystone.TokenAsync(Stopping));
        Assert.Same(token, await keystone.TokenAsync(Stopping));
        Assert.Equal(3, server.Requests.Count);

        _clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Same(token, await keystone.TokenAsync(Stopping));
        Assert.Equal(5, server.Requests.Count);

        _clock.Advance(TimeSpan.FromSeconds(100));
        await Assert.ThrowsAsync<KeystoneException>(() => keystone.TokenAsync(Stopping));
    }

    [Fact]
    public async Task A_token_that_was_given_is_used_as_it_is_or_for_another_scope_and_never_renewed()
    {
        using var owner = new KeystoneSession(SystemReader(Cluster), _clock);
        var given = new KeystoneCredentials.Token((await owner.TokenAsync(Stopping)).Value);
        using var asItIs = new KeystoneSession(new KeystoneOptions(Cluster.KeystoneUri, given, new KeystoneScope.None()), _clock);
        using var scoped = new KeystoneSession(new KeystoneOptions(Cluster.KeystoneUri, given, new KeystoneScope.System()), _clock);

        Assert.Equal(given.Value, (await asItIs.TokenAsync(Stopping)).Value);
        Assert.NotEqual(given.Value, (await scoped.TokenAsync(Stopping)).Value);
        Assert.Equal(12, (await ProjectListing.ReadAsync(asItIs, All, Stopping)).Count);
        Assert.Equal(12, (await ProjectListing.ReadAsync(scoped, All, Stopping)).Count);

        Cluster.RevokeKeystoneTokens();
        foreach (var session in new[] { asItIs, scoped })
        {
            var error = await Assert.ThrowsAsync<KeystoneException>(() => ProjectListing.ReadAsync(session, All, Stopping));
            Assert.Contains("one that was given cannot be renewed", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_token_that_was_given_serves_to_its_end()
    {
        using var owner = new KeystoneSession(SystemReader(Cluster), _clock);
        var given = new KeystoneCredentials.Token((await owner.TokenAsync(Stopping)).Value);
        using var keystone = new KeystoneSession(new KeystoneOptions(Cluster.KeystoneUri, given, new KeystoneScope.None()), _clock);
        _clock.Advance(TimeSpan.FromSeconds(1800));
        await keystone.TokenAsync(Stopping);

        _clock.Advance(TimeSpan.FromSeconds(1799));
        await keystone.TokenAsync(Stopping);
        _clock.Advance(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<KeystoneException>(() => keystone.TokenAsync(Stopping));
    }

    [Fact]
    public async Task An_application_credential_lists_projects_by_its_id_or_its_name_and_takes_no_scope()
    {
        var (id, name, secret) = Cluster.KeystoneApplicationCredential;
        var byName = new ApplicationCredentialName.ByName(name, new KeystoneUser.ByName(Cluster.KeystoneAdmin, new KeystoneDomain.ByName("Default")));
        foreach (var which in new ApplicationCredentialName[] { new ApplicationCredentialName.ById(id), byName })
        {
            var credentials = new KeystoneCredentials.ApplicationCredential(which, new Secret(secret));
            using var keystone = new KeystoneSession(new KeystoneOptions(Cluster.KeystoneUri, credentials, new KeystoneScope.None()), _clock);
            Assert.Equal(12, (await ProjectListing.ReadAsync(keystone, All, Stopping)).Count);

            using var scoped = new KeystoneSession(new KeystoneOptions(Cluster.KeystoneUri, credentials, new KeystoneScope.System()), _clock);
            var error = await Assert.ThrowsAsync<KeystoneException>(() => scoped.TokenAsync(Stopping));
            Assert.Contains("cannot request a scope", error.Message, StringComparison.Ordinal);
        }
    }

    internal static ProjectFilter All { get; } = new(IncludeDisabled: true, []);

    internal static KeystoneOptions SystemReader(SimulatedCluster cluster) => new(
        cluster.KeystoneUri,
        new KeystoneCredentials.Password(new KeystoneUser.ByName(cluster.KeystoneUser, new KeystoneDomain.ById("default")), new Secret(cluster.KeystonePassword)),
        new KeystoneScope.System());

    /// <param name="cluster">Whose Keystone.</param>
    /// <param name="user">By name.</param>
    /// <param name="password">Its password.</param>
    internal static KeystoneOptions OfProject(SimulatedCluster cluster, string user, string password) => new(
        cluster.KeystoneUri,
        new KeystoneCredentials.Password(new KeystoneUser.ByName(user, new KeystoneDomain.ByEither("Default")), new Secret(password)),
        new KeystoneScope.ProjectByName("service", new KeystoneDomain.ByEither("Default")));
}
