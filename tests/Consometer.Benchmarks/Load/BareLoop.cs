using System.Text.Json;
using Consometer.Scenarios.Running;

namespace Consometer.Benchmarks.Load;

/// <summary>
/// What the requests of a round take if nothing is done but sending them: an <see cref="HttpMessageInvoker"/>, as many requests under way
/// as in the round, no look at the answers.
/// </summary>
internal static class BareLoop
{
    /// <summary>The name by which this program, started anew, runs the loop.</summary>
    public const string Name = "bare-loop";

    /// <summary>For a million requests on a machine that does much else.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(15);

    private static readonly UriCreationOptions AsIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>Run by this program, started anew: what it takes is taken by the loop alone.</summary>
    public static async Task<ProcessFigures> MeasureAsync(LoadCluster cluster)
    {
        await using var loop = RunningProgram.Start(Environment.ProcessPath!, [Name, cluster.Requests]);
        return JsonSerializer.Deserialize<ProcessFigures>((await loop.WaitAsync(Deadline)).Succeeded().Output)!;
    }

    /// <summary>The part of the program that was started anew.</summary>
    public static async Task RunAsync(string requests)
    {
        using var http = new HttpMessageInvoker(new SocketsHttpHandler { ActivityHeadersPropagator = null, AllowAutoRedirect = false, UseCookies = false, UseProxy = false });
        using var lines = File.OpenText(requests);
        await Task.WhenAll(Enumerable.Range(0, LoadCluster.Connections).Select(_ => AskAsync(http, lines)));
        Console.WriteLine(JsonSerializer.Serialize(ProcessFigures.OfThisProcess()));
    }

    private static async Task AskAsync(HttpMessageInvoker http, StreamReader lines)
    {
        await Task.Yield();
        while (Next(lines) is [var server, var path])
        {
            Uri.TryCreate($"http://{server}{path}", AsIs, out var uri);
            using var request = new HttpRequestMessage(HttpMethod.Head, uri);
            using var response = await http.SendAsync(request, CancellationToken.None);
        }
    }

    private static string[]? Next(StreamReader lines)
    {
        lock (lines)
        {
            return lines.ReadLine()?.Split('\t');
        }
    }
}
