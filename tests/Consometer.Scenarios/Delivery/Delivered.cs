using System.Globalization;
using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Run;
using Consometer.Scenarios.Samples;

namespace Consometer.Scenarios.Delivery;

/// <summary>What a consumer of one format got, held against what it was owed.</summary>
internal sealed class Delivered(ReceivedMessage[] messages)
{
    public int Messages => messages.Length;

    /// <summary>Messages that came more than once, each time but the first.</summary>
    public int Repeats => messages.Length - messages.Select(message => message.Body).Distinct().Count();

    public HashSet<Guid> Ids => [.. messages.SelectMany(message => message.Samples).Select(sample => sample.MessageId)];

    /// <summary>
    /// Each complete round's figures are there, all of them; nothing is there of another; no sample has two ids, and no id two samples. And
    /// no sample is in two messages that differ: what is sent again is the same bytes, and nothing was sent of a round that was made anew.
    /// </summary>
    public void AssertAll(StoredRound[] rounds, IReadOnlyCollection<Figure> figures)
    {
        AssertOneMessageEach();
        AssertOneIdEach();
        var byTime = messages.SelectMany(message => message.Samples).ToLookup(TimeOf);
        var whole = rounds.Where(round => round.WasComplete).ToArray();
        Assert.NotEmpty(whole);
        Assert.Equal([], byTime.Select(round => round.Key).Except(whole.Select(round => round.Time)));
        Assert.All(whole.Where(round => round.Unknown == 0), round => Figure.AssertSame(figures, byTime[round.Time].DistinctBy(sample => sample.MessageId).Select(sample => sample.Figure)));

        // Of an account that was unknown there is no figure; of all others there is.
        Assert.All(whole.Where(round => round.Unknown > 0), round =>
        {
            var found = byTime[round.Time].Select(sample => sample.Figure).ToHashSet();
            Assert.Subset(figures.ToHashSet(), found);
            Assert.True(found.Select(figure => figure.ProjectId).Distinct().Count() >= figures.Select(figure => figure.ProjectId).Distinct().Count() - round.Unknown);
        });
    }

    /// <summary>A sample's id is that of its time, resource and meter; whoever made it, it says the same.</summary>
    public void AssertOneIdEach()
    {
        var samples = messages.SelectMany(message => message.Samples).Distinct().ToArray();
        Assert.Equal(samples.Length, samples.Select(sample => sample.MessageId).Distinct().Count());
        Assert.Equal(samples.Length, samples.Select(sample => (sample.Timestamp, sample.ResourceId, sample.Meter)).Distinct().Count());
    }

    private void AssertOneMessageEach()
    {
        var bodies = messages.DistinctBy(message => message.Body).ToArray();
        Assert.Equal(bodies.Sum(message => message.Samples.Length), bodies.SelectMany(message => message.Samples).DistinctBy(sample => sample.MessageId).Count());
    }

    private static DateTimeOffset TimeOf(ReceivedSample sample) => DateTimeOffset.Parse(sample.Timestamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
