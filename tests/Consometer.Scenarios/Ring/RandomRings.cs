using System.Globalization;
using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Ring;

/// <summary>Random rings in a folder, made by Debian's Swift, and what that Swift makes of them (tests/lab/random-rings).</summary>
public sealed class RandomRings : IAsyncLifetime
{
    /// <summary>Each run is a process, and as many run side by side as there are processors.</summary>
    private const int RingsOfRun = 22;
    private const int Runs = 10;
    private const int CannotRunHere = 77;

    private static readonly string Seed = Environment.GetEnvironmentVariable("CONSOMETER_SEED") ?? "1";

    private readonly ConfigurationFolder _folder = new();
    private string? _skipReason;

    /// <summary>By number.</summary>
    internal IReadOnlyList<RingTruth> Truth { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        var install = await Programs.LabAsync("install");
        if (install.ExitCode == CannotRunHere)
        {
            _skipReason = install.Errors.Trim();
            return;
        }

        install.Succeeded();
        var runs = new RingTruth[Runs][];
        await Parallel.ForEachAsync(Enumerable.Range(0, Runs), async (run, _) => runs[run] = await MakeAsync(run * RingsOfRun));
        Truth = [.. runs.SelectMany(run => run)];
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Skips the test where Swift cannot be had; fails it if the rings are not as various as they are meant to be.</summary>
    internal void Require()
    {
        Assert.SkipWhen(_skipReason is not null, _skipReason ?? "");
        Assert.Equal(Enumerable.Range(0, Runs * RingsOfRun), Truth.Select(ring => ring.Number));
        Assert.Equal(Enumerable.Range(1, 18), Truth.Select(ring => ring.PartPower).Distinct().Order());
        Assert.Contains(Truth, ring => double.IsInteger(ring.Replicas) && ring.Replicas < ring.Rows);
        Assert.Contains(Truth, ring => !double.IsInteger(ring.Replicas));
        Assert.Contains(Truth, ring => ring.Devices.Contains(null));
        Assert.Contains(Truth, ring => ring.Devices.Any(device => device is { Weight: 0 } && ring.ReplicasByDevice[device.Id] > 0));
        Assert.Contains(Truth, ring => ring.Devices.Any(device => device is { Weight: > 0 } && ring.ReplicasByDevice[device.Id] == 0));
        Assert.Contains(Truth, ring => ring.Walks.Any(walk => walk.Primaries.Length < Math.Floor(ring.Replicas)));
    }

    private async Task<RingTruth[]> MakeAsync(int first)
    {
        // -E: a PYTHONPATH of another Python must not reach it.
        string[] arguments = ["-E", Repository.LabScript("random-rings"), _folder.Path, Seed, Text(RingsOfRun), Text(first)];
        var run = await Programs.OtherAsync("/usr/bin/python3", arguments);
        return [.. run.Succeeded().OutputLines.Select(line => RingTruth.Parse(line, Seed))];
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
