using System.Globalization;
using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Running;
using Consometer.Scenarios.Samples;

namespace Consometer.Scenarios.Poll;

public sealed class FormatTests(RealSwift lab) : LabTest(lab)
{
    private const int TerminalColumns = 100;

    private static readonly char[] RowSeparators = [' ', '\u00a0'];

    [Fact]
    public async Task Csv_says_what_ndjson_says()
    {
        var configuration = new LabConfiguration();
        var samples = await SamplesAsync(configuration);
        var csv = await PollAsync(configuration, ["--format", "csv"]);

        Assert.NotEmpty(samples);
        Assert.Equal<PrintedSample>(samples, PrintedSample.FromCsv(csv.Succeeded().Output));
    }

    [Fact]
    public async Task The_table_shows_every_account()
    {
        var run = await PollAsync(new LabConfiguration(), []);

        var rows = run.Succeeded().OutputLines.Select(line => line.Trim(RowSeparators)).ToHashSet();
        Assert.All(Truth.Where(account => account.Kind != AccountKind.Deleted), account =>
            Assert.Contains(rows, row => IsRowOf(row, account)));
        Assert.All(Truth.Where(account => account.Kind == AccountKind.Deleted), account =>
            Assert.DoesNotContain(rows, row => row.StartsWith(account.ProjectId, StringComparison.Ordinal)));
    }

    /// <summary>With Keystone's own ids. A column is as wide as its widest cell, so an odd id of 64 characters takes what it needs.</summary>
    [Fact]
    public async Task The_table_fits_a_terminal()
    {
        var normal = Truth.Where(account => Guid.TryParseExact(account.ProjectId, "N", out _)).ToArray();
        Assert.Contains(normal, account => account.Bytes > 1L << 53);

        var names = string.Concat(normal.Select(account => account.ProjectId + "\n"));
        var run = await PollAsync(new LabConfiguration(), ["--accounts-file", "-"], names);

        bool IsRow(string line) => normal.Any(account => line.Contains(account.ProjectId, StringComparison.Ordinal));
        var rows = run.Succeeded().OutputLines.Where(IsRow).ToArray();
        Assert.Equal(normal.Count(account => account.Kind != AccountKind.Deleted), rows.Length);
        Assert.All(rows, row => Assert.InRange(row.TrimEnd().Length, 1, TerminalColumns));
    }

    /// <summary>Resource, objects, bytes and containers; spaces at an id's ends cannot be told from those of the table.</summary>
    private static bool IsRowOf(string row, AccountTruth account)
    {
        var id = account.ProjectId.Trim();
        return row.StartsWith(id, StringComparison.Ordinal)
            && row[id.Length..].Split(RowSeparators, StringSplitOptions.RemoveEmptyEntries) is [var objects, var bytes, var containers]
            && (objects, bytes, containers) == (Count(account.Objects), Count(account.Bytes), Count(account.Containers));
    }

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
