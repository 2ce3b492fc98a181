using System.Globalization;
using Consometer.Metering.Requests;

namespace Consometer.Tests.Metering.Requests;

/// <summary>Bulk requests, which are answered before anybody asks who sent them, and paths that are not what they look like.</summary>
public sealed class BulkTransactionsTests
{
    [Theory]
    [InlineData("PUT", "/v1/AUTH_a/c%3Fextract-archive%3Dtar", "EA", 201, 1)]
    [InlineData("POST", "/v1/AUTH_a%3Fbulk-delete", "BD", 204, 1)]
    [InlineData("DELETE", "/v1/AUTH_a/c/o%3Fbulk-delete", "BD", 204, 1)]
    [InlineData("PUT", "/v1/AUTH_a/c%3Fextract-archive%3Dtar", "EA", 401, 0)]
    [InlineData("POST", "/v1/AUTH_a%3Fbulk-delete", "BD", 499, 0)]
    [InlineData("POST", "/v1/AUTH_a%3Fbulk-delete", "SLO", 204, 0)]
    public void A_bulk_request_counts_when_something_was_done_for_it(string method, string path, string source, int status, int counted)
    {
        var log = NewLog().Read(Line("-", method, "/v1/AUTH_a/c/o", status, "tx1", source), Line("10.0.0.1", method, path, 200, "tx1"));

        Assert.Equal((counted, 1 - counted), (log.Counts.Counted, log.Counts.Refused));
        log.AssertEachLineIsCountedOnce();
    }

    [Fact]
    public void What_was_done_for_another_transaction_or_after_the_answer_says_nothing()
    {
        var log = NewLog().Read(
            Line("-", "DELETE", "/v1/AUTH_a/c/o", 204, "tx1", "BD"),
            Line("10.0.0.1", "POST", "/v1/AUTH_a%3Fbulk-delete", 200, "tx2"),
            Line("-", "DELETE", "/v1/AUTH_a/c/o", 204, "tx2", "BD"),
            Line("10.0.0.1", "POST", "/v1/AUTH_a%3Fbulk-delete", 200, "tx1"));

        Assert.Equal((1, 1), (log.Counts.Counted, log.Counts.Refused));
        Assert.Empty(log.Held);
    }

    /// <summary>What whoever goes on is given knows the first part still.</summary>
    [Fact]
    public void A_bulk_request_that_is_under_way_outlives_the_reader()
    {
        var before = NewLog().Read(Line("-", "PUT", "/v1/AUTH_a/c/o", 201, "tx1", "EA"));
        var after = NewLog();
        foreach (var line in before.Held)
        {
            after.Read(line);
        }

        after.Read(Line("10.0.0.1", "PUT", "/v1/AUTH_a/c%3Fextract-archive%3Dtar", 200, "tx1"));

        Assert.Equal(1, after.Counts.Counted);
    }

    [Fact]
    public void However_many_are_never_answered_few_are_remembered()
    {
        var log = NewLog().Read(Enumerable.Range(0, 5_000).Select(i => Line("-", "PUT", "/v1/AUTH_a/c/o", 201, $"tx{i}", "EA")));

        Assert.InRange(log.Held.Count(), 1, 2_000);
    }

    /// <summary>At a bucket's own host a key may look like another's account.</summary>
    [Theory]
    [InlineData("GET", "AUTH_mine", "mine")]
    [InlineData("GET", "AUTH_other", "other")]
    [InlineData("GET", "-", "other")]
    [InlineData("COPY", "AUTH_mine", "other")]
    public void What_looks_like_a_path_of_another_account_is_that_of_the_template(string method, string account, string counted)
    {
        var layout = LogLayout.Parse($"{LogLayout.Default} {{account}} {{container}}", out _)!;
        var log = new CountedLog(layout, new ClientNetworks([], [])).Read($"{Line("10.0.0.1", method, "/v1/AUTH_other/c/o", 200, "tx1")} {account} bucket");

        Assert.Equal([$"AUTH_{counted}"], log.Figures.Keys.Select(figure => figure.Account).Distinct());
    }

    private static CountedLog NewLog() => new(LogLayout.Parse(LogLayout.Default, out _)!, new ClientNetworks([], []));

    private static string Line(string address, string method, string path, int status, string transaction, string source = "-") => string.Create(
        CultureInfo.InvariantCulture,
        $"{address} {address} 21/Nov/2026/12/00/00 {method} {path} HTTP/1.0 {status} - curl - 100 200 - {transaction} - 0.1 {source} - 1795262400.000000000 1795262400.100000000 -");
}
