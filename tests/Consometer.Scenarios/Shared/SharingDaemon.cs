using System.Globalization;
using Consometer.Scenarios.Delivery;
using Consometer.Scenarios.Run;
using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Shared;

/// <summary>One of several daemons that share rounds, with a folder and a store of its own. It may be killed, and started again: each time is a life.</summary>
internal sealed class SharingDaemon : IAsyncDisposable
{
    private const string Joined = " 1601 ";
    private const string Parted = " 1602 ";
    private const string RoleTaken = " 1603 ";

    private readonly List<string> _before = [];
    private Daemon? _life;

    private SharingDaemon()
    {
    }

    public ConfigurationFolder Folder { get; } = new();

    public StoredRounds Store => new(Folder.Store);

    /// <summary>The lines of all its lives.</summary>
    public string[] Log => [.. _before, .. _life?.Log ?? []];

    /// <summary>Whether it does a task now.</summary>
    public bool IsPolling => Store.All().Any(round => round.State == "running");

    public bool IsRunning => _life is not null;

    public Daemon Life => _life ?? throw new InvalidOperationException("it is not running");

    /// <summary>Whether it said last that it coordinates; it may have just lost that.</summary>
    public bool IsCoordinator => LastOf(Life.Log) == RoleTaken;

    /// <summary>How often it said something, by the number of the event.</summary>
    public int Count(int eventId) => Log.Count(line => line.Contains(string.Create(CultureInfo.InvariantCulture, $" {eventId} "), StringComparison.Ordinal));

    /// <param name="configuration">Its configuration.</param>
    /// <param name="prepare">Puts more into its folder before it starts.</param>
    public static SharingDaemon Start(LabConfiguration configuration, Action<ConfigurationFolder>? prepare = null)
    {
        var daemon = new SharingDaemon();
        daemon.Folder.Write(configuration);
        prepare?.Invoke(daemon.Folder);
        daemon.Begin();
        return daemon;
    }

    /// <summary>Begins a life.</summary>
    public void Begin() => _life = Daemon.Start(Folder);

    /// <summary>Ends it as a crash would.</summary>
    public async Task KillAsync()
    {
        Assert.False(Life.HasEnded, string.Join('\n', Log.TakeLast(20)));
        await Life.KillAsync();
        await EndAsync();
    }

    /// <summary>SIGTERM, and a good end.</summary>
    public async Task StopAsync()
    {
        await Life.StopAsync();
        await EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_life is not null)
        {
            await EndAsync();
        }

        Folder.Dispose();
    }

    private async Task EndAsync()
    {
        _before.AddRange(Life.Log);
        await Life.DisposeAsync();
        _life = null;
    }

    private static string? LastOf(string[] log) => log.Reverse()
        .Select(line => Array.Find([Joined, Parted, RoleTaken], mark => line.Contains(mark, StringComparison.Ordinal)))
        .FirstOrDefault(mark => mark is not null);
}
