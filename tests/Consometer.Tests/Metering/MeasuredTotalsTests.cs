using Consometer.Metering;
using Consometer.Metering.Polling;
using Consometer.Metering.Rounds;
using Consometer.Swift.Accounts;

namespace Consometer.Tests.Metering;

public sealed class MeasuredTotalsTests
{
    private readonly RoundTally _tally = new(RoundTime.At(ManualClock.Start, TimeSpan.FromHours(1)), new RoundOptions(TimeSpan.FromMinutes(48)), new ManualClock());

    [Fact]
    public void Everything_measured_is_added_up_even_beyond_64_bits_and_orphans_are_not()
    {
        Take("a", long.MaxValue);
        Take("b", long.MaxValue);
        _tally.Count(new AccountOutcome.Measured(Account("orphan") with { LastListed = ManualClock.Start }, new AccountUsage(1, 2, 3)), 0);

        Assert.Equal(new RoundTotals(2, 4, 2 * (decimal)long.MaxValue), Report.Totals);
        Assert.Equal(["b", "a"], Report.Largest.Select(large => large.Account).OrderDescending());
        Assert.Equal(Report.Totals, RoundReport.FromJson(Report.ToJson()).Totals);
    }

    [Fact]
    public void The_ten_largest_are_told_whatever_the_order_they_come_in()
    {
        var sizes = Enumerable.Range(1, 1000).Select(size => (long)size).ToArray();
        new Random(7).Shuffle(sizes);
        Array.ForEach(sizes, size => Take($"{size}", size));

        Assert.Equal(Enumerable.Range(0, 10).Select(i => 1000L - i), Report.Largest.Select(large => large.Bytes));
        Assert.Equal(new LargeAccount("1000", "project", 1, 2, 1000), Report.Largest[0]);
    }

    [Fact]
    public void An_account_without_bytes_is_no_large_one()
    {
        Take("empty", 0);

        Assert.Empty(Report.Largest);
        Assert.Equal(new RoundTotals(1, 2, 0), Report.Totals);
    }

    private RoundReport Report => _tally.Report([]);

    private static Account Account(string name) => new(name, "project", "project");

    private void Take(string name, long bytes) => _tally.Count(new AccountOutcome.Measured(Account(name), new AccountUsage(1, 2, bytes)), 0);
}
