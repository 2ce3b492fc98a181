using Consometer.Simulation;
using Consometer.Swift.Keystone;
using Consometer.Tests.Simulation;

namespace Consometer.Tests.Swift;

/// <summary>
/// 2,501 projects of a Keystone that cuts at 1,000: the whole list whatever happens in the middle of it, or a reason why not. Of the
/// requests the first is for a token, the next three are for pages, if nothing happens.
/// </summary>
public sealed class WholeProjectListTests : IAsyncLifetime
{
    private const int Projects = 2501;
    private const int PageSize = 1000;

    private readonly ManualClock _clock = new();
    private RunningCluster? _running;

    private SimulatedCluster Cluster => _running!.Cluster;

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _running = await RunningCluster.StartAsync(new SimulationPlan { Accounts = Projects, PartPower = 4, TokenLifetime = TimeSpan.FromSeconds(30) }, _clock);

    public ValueTask DisposeAsync() => _running!.DisposeAsync();

    [Fact]
    public async Task All_pages_are_read() => Assert.Equal(await ListAsync(), Known().ToHashSet());

    [Fact]
    public async Task A_token_that_is_refused_in_the_middle_is_renewed_once_and_the_list_goes_on()
    {
        var requests = 0;
        Cluster.KeystoneFault = NodeFault.Scripted(request =>
        {
            requests = request;
            if (request == 3)
            {
                Cluster.RevokeKeystoneTokens();
            }

            return NodeFault.None;
        });

        Assert.Equal(Known().ToHashSet(), await ListAsync());
        Assert.Equal((2, 6), (Cluster.KeystoneTokens, requests));
    }

    [Fact]
    public async Task Tokens_that_live_for_less_than_the_list_takes_are_renewed_as_it_goes()
    {
        Cluster.KeystoneFault = NodeFault.Scripted(_ =>
        {
            _clock.Advance(TimeSpan.FromSeconds(20));
            return NodeFault.None;
        });

        Assert.Equal(Known().ToHashSet(), await ListAsync());
        Assert.InRange(Cluster.KeystoneTokens, 2, 5);
    }

    [Fact]
    public async Task A_marker_that_vanishes_begins_the_list_again()
    {
        var gone = Known()[PageSize - 1];
        Cluster.KeystoneFault = NodeFault.Scripted(request =>
        {
            if (request == 3)
            {
                Cluster.RemoveKeystoneProject(gone);
            }

            return NodeFault.None;
        });

        var projects = await ListAsync();
        Assert.Equal(Projects - 1, projects.Count);
        Assert.DoesNotContain(gone, projects);
    }

    [Fact]
    public async Task Markers_that_vanish_again_and_again_are_given_up()
    {
        var known = Known().ToList();
        Cluster.KeystoneFault = NodeFault.Scripted(request =>
        {
            if (request % 2 == 1 && request > 1)
            {
                Cluster.RemoveKeystoneProject(known[PageSize - 1]);
                known.RemoveAt(PageSize - 1);
            }

            return NodeFault.None;
        });

        Assert.Contains("could not be found., 6 times", await FailureAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_marker_that_comes_again_is_told()
    {
        Cluster.KeystoneRepeatsPages = true;

        Assert.Contains($"pages that repeat (marker {Known()[PageSize - 1]} twice)", await FailureAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_single_500_or_lost_connection_costs_nothing()
    {
        foreach (var fault in new[] { NodeFault.Status(500), NodeFault.Refuses })
        {
            Cluster.KeystoneFault = NodeFault.Scripted(request => request == 3 ? fault : NodeFault.None);
            Assert.Equal(Known().ToHashSet(), await ListAsync());
        }
    }

    [Fact]
    public async Task A_500_that_stays_and_connections_that_stay_lost_are_told()
    {
        Cluster.KeystoneFault = NodeFault.Scripted(request => request >= 3 ? NodeFault.Status(500) : NodeFault.None);
        Assert.Contains("wanted listing projects (needs role reader on system all, or admin), found 500", await FailureAsync(), StringComparison.Ordinal);

        Cluster.KeystoneFault = NodeFault.Scripted(request => request >= 3 ? NodeFault.Refuses : NodeFault.None);
        Assert.Contains("wanted listing projects", await FailureAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hang_in_the_middle_is_told_when_its_time_is_over()
    {
        var hangs = false;
        Cluster.KeystoneFault = NodeFault.Scripted(request =>
        {
            hangs = request == 3;
            return hangs ? NodeFault.Hangs : NodeFault.None;
        });
        var failing = FailureAsync();
        await Eventually.HoldsAsync("the second page is asked for", () => hangs);
        _clock.Advance(TimeSpan.FromSeconds(45));

        Assert.Contains("found no answer within 45 s", await failing, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disabled_projects_are_left_out_on_every_page_and_a_domain_is_found_by_its_name()
    {
        string[] enabled = [.. Cluster.Accounts.Where(account => account.Enabled).Select(account => account.ProjectId)];
        using var keystone = new KeystoneSession(KeystoneSessionTests.SystemReader(Cluster), _clock);

        Assert.NotEqual(Projects, enabled.Length);
        var listed = await ProjectListing.ReadAsync(keystone, new ProjectFilter(IncludeDisabled: false, ["Default"]), Stopping);
        Assert.Equal(enabled.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    /// <summary>In the order of the listing.</summary>
    private string[] Known() => [.. Cluster.Accounts.Select(account => account.ProjectId).Order(StringComparer.Ordinal)];

    private async Task<HashSet<string>> ListAsync()
    {
        using var keystone = new KeystoneSession(KeystoneSessionTests.SystemReader(Cluster), _clock);
        return [.. await ProjectListing.ReadAsync(keystone, KeystoneSessionTests.All, Stopping)];
    }

    private async Task<string> FailureAsync() => (await Assert.ThrowsAsync<KeystoneException>(ListAsync)).Message;
}
