using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Running;
using Consometer.Scenarios.Samples;

namespace Consometer.Scenarios;

/// <summary>Whoever is in it has the lab up; a run of other tests alone does not start it.</summary>
[CollectionDefinition]
public sealed class OnTheLab : ICollectionFixture<RealSwift>, ICollectionFixture<RealBroker>;

/// <summary>A test on the lab, with a fresh folder for configuration and store.</summary>
[Collection<OnTheLab>]
public abstract class LabTest : IDisposable
{
    protected LabTest(RealSwift lab)
    {
        lab.Require();
        Truth = lab.Truth;
        Folder = new ConfigurationFolder();
    }

    private protected IReadOnlyList<AccountTruth> Truth { get; }

    private protected ConfigurationFolder Folder { get; }

    /// <summary>Every figure a round over all of the lab owes.</summary>
    private protected IEnumerable<Figure> AllFigures => Truth.SelectMany(account => account.Figures);

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>One <c>poll</c>.</summary>
    private protected async Task<ProgramRun> PollAsync(LabConfiguration configuration, string[] arguments, string? input = null)
    {
        Folder.Write(configuration);
        return await Programs.ConsometerAsync(["poll", "--config", Folder.Path, .. arguments], input);
    }

    /// <summary>A round, or a look, whole; whether it ended well is for the test to say.</summary>
    private protected async Task<PrintedRound> RoundAsync(LabConfiguration configuration, params string[] arguments) =>
        PrintedRound.FromJson(await PollAsync(configuration, ["--format", "json", .. arguments]));

    /// <summary>The absent accounts that are unknown without any of these nodes: one replica that is asked, primary or handoff, is there.</summary>
    private protected async Task<HashSet<AccountTruth>> AbsentNeedingAsync(params int[] nodes)
    {
        var absent = Truth.Where(account => account.Kind == AccountKind.Absent).ToArray();
        var placements = await SwiftPlacement.OfAsync(absent.Select(account => account.Account));
        Assert.Equal(absent.Length, placements.Length);
        return [.. absent.Zip(placements).Where(pair => pair.Second.NodesAsked.Intersect(nodes).Any()).Select(pair => pair.First)];
    }

    /// <summary>The samples of a <c>poll</c> that must end well.</summary>
    private protected async Task<PrintedSample[]> SamplesAsync(LabConfiguration configuration, string[]? arguments = null, string? input = null)
    {
        var run = await PollAsync(configuration, ["--format", "ndjson", .. arguments ?? []], input);
        return PrintedSample.FromNdjson(run.Succeeded().Output);
    }
}
