using System.Text.Json;
using Consometer.Metering;
using Consometer.Metering.Polling;
using Consometer.Metering.Rounds;
using Consometer.Metering.Samples;
using Consometer.Swift.Accounts;

namespace Consometer.Tests.Metering;

/// <summary>A whole round against a loopback server: what its report counts, and when it counts for nothing.</summary>
public sealed class RoundTests
{
    private const string Absent = "account-head-404-missing.http";
    private const string Present = "account-head-204.http";

    [Fact]
    public async Task The_report_counts_every_account_once_by_outcome_and_unknown_ones_by_reason()
    {
        await using var server = ScriptedServer.Start(request => Reply.Recorded("swift-2.38", request.Target.Split('/')[3] switch
        {
            "AUTH_deleted" => "account-head-404-deleted.http",
            "AUTH_absent" => Absent,
            "AUTH_507" => "account-head-507.http",
            "AUTH_500" or "AUTH_501" => "account-head-500-corrupt.http",
            _ => Present,
        }));

        var (report, kept) = await RunAsync(server, ["AUTH_1", "AUTH_2", "AUTH_deleted", "AUTH_absent", "AUTH_507", "AUTH_500", "AUTH_501"]);

        Assert.Null(report.Failure);
        Assert.Equal((7, 2, 1, 1, 3), (report.Accounts, report.Measured, report.Absent, report.Deleted, report.Unknown));
        Assert.Equal(new Dictionary<string, long> { ["unmounted"] = 1, ["server_error"] = 2 }, report.UnknownByReason);
        Assert.Equal((9, 9), (report.Samples, kept.Sum(account => account.Samples.Count)));
        Assert.Equal(7, kept.Select(account => account.Outcome.Account.Name).Distinct().Count());
        Assert.Equal("2026-11-21T13:00:00Z", JsonDocument.Parse(report.ToJson()).RootElement.GetProperty("round_time").GetString());
    }

    [Theory]
    [InlineData(10, null, true)]
    [InlineData(9, null, false)]
    [InlineData(50, Present, false)]
    [InlineData(50, "account-head-404-deleted.http", false)]
    [InlineData(50, "account-head-507.http", true)]
    public async Task A_round_of_ten_or_more_absent_accounts_and_none_that_is_or_was_there_counts_for_nothing(int absent, string? andOne, bool fails)
    {
        await using var server = ScriptedServer.Start(request => Reply.Recorded("swift-2.38", request.Target.EndsWith("AUTH_other", StringComparison.Ordinal) ? andOne! : Absent));

        var (report, _) = await RunAsync(server, [.. Enumerable.Range(0, absent).Select(i => $"AUTH_{i}"), .. Enumerable.Repeat("AUTH_other", andOne is null ? 0 : 1)]);

        Assert.Equal(fails, report.Failure is not null);
        Assert.Equal(absent, report.Absent);
    }

    [Fact]
    public async Task A_round_without_accounts_counts_for_nothing()
    {
        await using var server = ScriptedServer.Start(_ => Reply.Recorded("swift-2.38", Present));

        var (report, _) = await RunAsync(server, []);

        Assert.Equal((0, 0), (report.Accounts, report.Samples));
        Assert.Contains("the list of projects is empty", report.Failure, StringComparison.Ordinal);
    }

    private static async Task<(RoundReport Report, List<(AccountOutcome Outcome, IReadOnlyList<Sample> Samples)> Kept)> RunAsync(ScriptedServer server, string[] accounts)
    {
        var clock = new ManualClock();
        using var servers = new AccountServers(new AccountServerOptions(Network.Client, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30)), clock);
        var ring = TestRing.Spread(3, TestRing.DeviceAt(0, server.Port), TestRing.DeviceAt(1, server.Port), TestRing.DeviceAt(2, server.Port));

        // Each account has a status of its own here: what one device says to one must not set it aside for the others.
        var options = new DirectPollsterOptions(4, 4) { Suppression = new SuppressionOptions(10, TimeSpan.Zero) };
        var pollster = new DirectPollster(ring, TestRing.HashPath, servers, options, clock);
        var kept = new List<(AccountOutcome, IReadOnlyList<Sample>)>();
        var report = await new Round(pollster, new SampleMaker([.. MeterCatalogue.All.Where(meter => meter.OnByDefault)], "RegionOne", absentIsZero: true), new RoundOptions(TimeSpan.FromMinutes(48)), clock).RunAsync(
            RoundTime.At(clock.GetUtcNow(), TimeSpan.FromHours(1)),
            accounts.Select(name => new Account(name, name, name)).ToAsyncEnumerable(),
            (outcome, samples) => kept.Add((outcome!, samples)),
            TestContext.Current.CancellationToken);
        return (report, kept);
    }
}
