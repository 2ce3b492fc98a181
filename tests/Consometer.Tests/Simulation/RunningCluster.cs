using Consometer.Simulation;

namespace Consometer.Tests.Simulation;

/// <summary>A cluster in a folder of its own, both gone afterwards. As a class fixture it is the cluster of the default plan.</summary>
public sealed class RunningCluster : IAsyncLifetime
{
    private readonly SimulationPlan _plan;
    private readonly TimeProvider _clock;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("consometer-simulation-");
    private SimulatedCluster? _cluster;

    public RunningCluster()
        : this(new SimulationPlan(), TimeProvider.System)
    {
    }

    private RunningCluster(SimulationPlan plan, TimeProvider clock)
    {
        _plan = plan;
        _clock = clock;
    }

    public SimulatedCluster Cluster => _cluster!;

    /// <summary>What reached the account-servers so far.</summary>
    public long Requests => Cluster.Nodes.Sum(node => node.Requests);

    public static async Task<RunningCluster> StartAsync(SimulationPlan plan, TimeProvider? clock = null)
    {
        var running = new RunningCluster(plan, clock ?? TimeProvider.System);
        await running.InitializeAsync();
        return running;
    }

    public async ValueTask InitializeAsync() =>
        _cluster = await SimulatedCluster.StartAsync(
            _plan, Path.Combine(_folder.FullName, "swift"), _clock, TestContext.Current.CancellationToken);

    /// <summary>The same fault at every account-server.</summary>
    public void SetFaults(NodeFault fault)
    {
        foreach (var node in Cluster.Nodes)
        {
            node.Fault = fault;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
