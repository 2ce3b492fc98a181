using System.Globalization;
using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Export;

/// <summary>Debian's carbon on loopback, empty at first, until disposed; what it wrote is read from its files.</summary>
internal sealed class RealCarbon : IAsyncDisposable
{
    private RealCarbon()
    {
    }

    /// <summary>Skips the test where carbon cannot run; fails it where it should have.</summary>
    public static async Task<RealCarbon> StartAsync()
    {
        var up = await Programs.LabAsync("carbon", "up");
        Assert.SkipWhen(up.ExitCode == ProgramRun.CannotRunHere, up.Errors);
        up.Succeeded();
        return new RealCarbon();
    }

    /// <summary>The names of all it has written.</summary>
    public static async Task<string[]> NamesAsync() => (await Programs.LabAsync("carbon", "names")).Succeeded().OutputLines;

    /// <summary>What it has written of one name, by time in seconds since 1970; nothing before it has.</summary>
    public static async Task<Dictionary<long, double>> PointsAsync(string name) => (await NamesAsync()).Contains(name)
        ? (await Programs.LabAsync("carbon", "points", name)).Succeeded().OutputLines
            .Select(line => line.Split('\t'))
            .ToDictionary(point => long.Parse(point[0], CultureInfo.InvariantCulture), point => double.Parse(point[1], CultureInfo.InvariantCulture))
        : [];

    public async ValueTask DisposeAsync() => (await Programs.LabAsync("carbon", "down")).Succeeded();
}
