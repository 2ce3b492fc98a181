using Consometer.Metering;
using Consometer.Metering.Tasks;

namespace Consometer.Tests.Metering.Tasks;

public sealed class TaskOrderTests
{
    private const int Count = 2000;

    private static readonly RoundTime Time = RoundTime.At(ManualClock.Start, TimeSpan.FromHours(1));

    private static readonly string[] Names = [.. Enumerable.Range(0, Count).Select(i => $"AUTH_{i:x32}")];

    private readonly TaskOrder _order = new(Time);

    [Fact]
    public void Whoever_sorts_them_in_whatever_order_they_come_the_order_is_one()
    {
        var mixed = Names.ToArray();
        new Random(7).Shuffle(mixed);

        Assert.Equal(_order.Sort(Names, after: null), new TaskOrder(Time).Sort(mixed, after: null));
        Assert.Equal(Names.Order(), _order.Sort(mixed, after: null).Order());
    }

    /// <summary>FNV-1a and splitmix64 as written down elsewhere, in Python: a coordinator of another version goes on in the same order.</summary>
    [Fact]
    public void It_is_the_same_in_every_process_and_version() =>
        Assert.Equal(["AUTH_5", "AUTH_1", "AUTH_6", "AUTH_7", "AUTH_3", "AUTH_0", "AUTH_4", "AUTH_2"], _order.Sort(Enumerable.Range(0, 8).Select(i => $"AUTH_{i}"), after: null));

    [Fact]
    public void It_is_total()
    {
        var sorted = _order.Sort(Names, after: null);
        for (var i = 1; i < Count; i++)
        {
            Assert.True(_order.Compare(sorted[i - 1], sorted[i]) < 0 && _order.Compare(sorted[i], sorted[i - 1]) > 0);
        }

        Assert.Equal(0, _order.Compare(Names[3], new string(Names[3])));
    }

    [Fact]
    public void It_is_mixed_and_otherwise_in_every_round()
    {
        var sorted = _order.Sort(Names, after: null);
        var next = new TaskOrder(Time.Next).Sort(Names, after: null);

        // Of any order that is chance some half goes up from one to the next, and the first half has half of the first half's names.
        Assert.InRange(Ups(sorted), Count * 0.45, Count * 0.55);
        Assert.InRange(sorted.Zip(next).Count(pair => pair.First == pair.Second), 0, 10);
        Assert.InRange(sorted.Take(Count / 2).Intersect(next.Take(Count / 2)).Count(), Count * 0.22, Count * 0.28);
        Assert.InRange(sorted.Take(Count / 2).Intersect(Names.Take(Count / 2)).Count(), Count * 0.22, Count * 0.28);
    }

    [Fact]
    public void After_any_account_come_those_that_come_after_it_whether_it_is_there_or_not()
    {
        var sorted = _order.Sort(Names, after: null);

        Assert.All([0, 1, 500, Count - 1], i =>
        {
            Assert.Equal(sorted[(i + 1)..], _order.Sort(Names, sorted[i]));
            Assert.Equal(sorted[(i + 1)..], _order.Sort(Names.Where(name => name != sorted[i]), sorted[i]));
        });
    }

    private static int Ups(string[] names) => names.Zip(names.Skip(1)).Count(pair => string.CompareOrdinal(pair.First, pair.Second) < 0);
}
