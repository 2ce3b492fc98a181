using System.Globalization;
using Consometer.Scenarios.Running;
using Consometer.Scenarios.Samples;

namespace Consometer.Scenarios.Requests;

/// <summary>Volumes by meter and resource, added up over all intervals.</summary>
internal sealed class MeteredRequests : SortedDictionary<(string Meter, string Resource), long>
{
    /// <summary>The exit code of <c>usage</c> while the daemon has not made the store, or not filled it.</summary>
    private const int NoStoreYet = 5;

    /// <summary>Adds to one of them. What is nothing leaves no trace, as quiet containers have no samples.</summary>
    public void Add(string meter, string resource, long volume)
    {
        if (volume != 0)
        {
            this[(meter, resource)] = this.GetValueOrDefault((meter, resource)) + volume;
        }
    }

    /// <summary>What the store knows of all meters, by <c>usage</c>; nothing where there is none yet.</summary>
    public static async Task<MeteredRequests> OfStoreAsync(ConfigurationFolder folder, DateTimeOffset since)
    {
        var from = since.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var run = await Programs.ConsometerAsync(["usage", "--config", folder.Path, "--format", "ndjson", "--since", from]);
        return run.ExitCode == NoStoreYet ? [] : OfSamples(PrintedSample.FromNdjson(run.Succeeded().Output));
    }

    /// <summary>The sum of samples, of which none may be there twice, or say nothing.</summary>
    private static MeteredRequests OfSamples(PrintedSample[] samples)
    {
        Assert.Equal(samples.Length, samples.DistinctBy(sample => sample.MessageId).Count());
        Assert.All(samples, sample => Assert.Equal("delta", sample.Type));
        var sums = new MeteredRequests();
        foreach (var sample in samples)
        {
            Assert.NotEqual(0, sample.Volume);
            sums.Add(sample.Meter, sample.ResourceId, sample.Volume);
        }

        return sums;
    }

    /// <summary>What differs, a line each, for a failure's message: wanted, and found.</summary>
    public string DifferencesTo(MeteredRequests found) => string.Join('\n', Keys.Union(found.Keys)
        .Where(key => this.GetValueOrDefault(key) != found.GetValueOrDefault(key))
        .Select(key => string.Create(CultureInfo.InvariantCulture, $"{key.Meter} of {key.Resource}: wanted {this.GetValueOrDefault(key)}, found {found.GetValueOrDefault(key)}")));

    /// <summary>Until the store has just this; more of anything fails at the end, as less does.</summary>
    public async Task AwaitAsync(ConfigurationFolder folder, DateTimeOffset since)
    {
        var found = new MeteredRequests();
        await Eventually.TrueAsync(() => $"the sums; these are others:\n{DifferencesTo(found)}", async () =>
        {
            found = await OfStoreAsync(folder, since);
            return DifferencesTo(found).Length == 0;
        });
    }
}
