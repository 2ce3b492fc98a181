using System.Globalization;
using Consometer.Scenarios.Running;

namespace Consometer.Benchmarks;

/// <summary><c>wrk</c>, sending HEADs with the lab's <c>heads.lua</c>: what servers can give.</summary>
internal static class Wrk
{
    private const string Seconds = "5s";

    /// <summary>What is under way when its time is up may count as an error; more than that is one.</summary>
    private const int ErrorsMax = 4;

    /// <summary>Requests a second.</summary>
    /// <param name="heads">The file of requests.</param>
    /// <param name="server">One of the servers, as a URL.</param>
    /// <param name="nodes">How many servers there are: each has a thread, as heads.lua wants.</param>
    /// <param name="connections">Over all of them.</param>
    /// <exception cref="InvalidOperationException">There were errors.</exception>
    public static async Task<double> MeasureAsync(string heads, string server, int nodes, int connections)
    {
        var run = await Programs.OtherAsync(
            "wrk",
            [$"-t{nodes}", $"-c{connections}", $"-d{Seconds}", "-s", Repository.LabScript("heads.lua"), server],
            environment: new Dictionary<string, string> { ["HEADS_FILE"] = heads });

        // requests_per_second 785.1 errors 0
        var last = run.Succeeded().OutputLines[^1].Split(' ');
        return last is ["requests_per_second", var requests, "errors", var errors] && int.Parse(errors, CultureInfo.InvariantCulture) <= ErrorsMax
            ? double.Parse(requests, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"wanted wrk with hardly an error, found {run.Output}");
    }
}
