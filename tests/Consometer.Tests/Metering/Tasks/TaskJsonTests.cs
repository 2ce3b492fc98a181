using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Consometer.Metering;
using Consometer.Metering.Polling;
using Consometer.Metering.Rounds;
using Consometer.Metering.Tasks;

namespace Consometer.Tests.Metering.Tasks;

/// <summary>What daemons send each other, which may not be of one version.</summary>
public sealed class TaskJsonTests
{
    private static readonly RoundTask Task = SomeRound.Task(2, "AUTH_b", "AUTH_gone") with
    {
        Ring = new RingIdentity("0123", 14, "mark"),
        LastListed = new Dictionary<string, DateTimeOffset> { ["AUTH_gone"] = ManualClock.Start.AddDays(-1) },
        MetersOrphans = true,
        Witnesses = ["AUTH_w"],
    };

    private static readonly TaskReport Report = SomeRound.Done(2, SomeRound.Report(1, 1, 0, ("timed_out", 3)) with
    {
        Nodes = [new NodeReport("10.0.0.1:6202", 7, new Dictionary<string, long> { ["503"] = 1 }, 1, new NodeLatency(1, 2, 3, 4))],
        Totals = new RoundTotals(1, 2, 3),
        Largest = [new LargeAccount("AUTH_b", "b", 1, 2, 3)],
    }, new RoundRemark(RoundRemark.Unknown, "AUTH_x", "x", "timed_out")) with { RingMd5 = "4567", IsRedelivered = true };

    public static TheoryData<string> Kinds => [.. Messages.Keys];

    private static Dictionary<string, (byte[] Json, Func<byte[], byte[]> Again)> Messages { get; } = new()
    {
        ["task"] = (Task.ToJson(), json => RoundTask.FromJson(json).ToJson()),
        ["report"] = (Report.ToJson(), json => TaskReport.FromJson(json).ToJson()),
        ["begun"] = (JournalEntry.ToJson(SomeRound.Begun()), json => JournalEntry.ToJson(JournalEntry.BegunFromJson(json))),
        ["planned"] = (JournalEntry.ToJson(SomeRound.Planned(3, 12)), json => JournalEntry.ToJson(JournalEntry.PlannedFromJson(json))),
        ["ended"] = (new RoundEnded(SomeRound.Attempt, Report.Report, Report.Remarks).ToJson(), json => RoundEnded.FromJson(json).ToJson()),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_read_says_what_was_sent(string kind)
    {
        var (json, again) = Messages[kind];

        Assert.Equal(Encoding.UTF8.GetString(json), Encoding.UTF8.GetString(again(json)));
        Assert.Contains("\"period_seconds\":3600", Encoding.UTF8.GetString(json), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_a_later_version_says_beside_that_is_left_out(string kind)
    {
        var (json, again) = Messages[kind];
        var later = JsonNode.Parse(json)!.AsObject();
        later["of_a_later_version"] = new JsonObject { ["some"] = 1 };
        later["round"]!["of_a_later_version"] = 2;

        Assert.Equal(Encoding.UTF8.GetString(json), Encoding.UTF8.GetString(again(Encoding.UTF8.GetBytes(later.ToJsonString()))));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_none_is_refused(string kind)
    {
        var again = Messages[kind].Again;

        Assert.All(["null", "", "[]", "{", "hello", "{}", """{"round":null}""", """{"round":{}}"""], text => Assert.Throws<JsonException>(() => again(Encoding.UTF8.GetBytes(text))));
    }

    [Theory]
    [InlineData("task", "accounts")]
    [InlineData("task", "reseller_prefixes")]
    [InlineData("report", "remarks")]
    [InlineData("report", "report")]
    [InlineData("ended", "remarks")]
    [InlineData("begun", "round")]
    public void Null_where_something_is_to_be_is_refused_where_it_is_read(string kind, string key)
    {
        var (json, again) = Messages[kind];
        var broken = JsonNode.Parse(json)!.AsObject();
        Assert.NotNull(broken[key]);
        broken[key] = null;

        Assert.Throws<JsonException>(() => again(Encoding.UTF8.GetBytes(broken.ToJsonString())));
    }

    [Fact]
    public void A_task_comes_as_it_was_sent()
    {
        var task = RoundTask.FromJson(Task.ToJson());

        Assert.Equal((Task.Round, Task.Ring, Task.Number, Task.Of, Task.Deadline), (task.Round, task.Ring, task.Number, task.Of, task.Deadline));
        Assert.Equal(SomeRound.Attempt.Time, task.Round.Time);
        Assert.Equal(new Account("AUTH_b", "b", "b"), task.AccountsToPoll().First());
        Assert.Equal(new Account("AUTH_gone", "gone", "gone") { LastListed = ManualClock.Start.AddDays(-1), IsMetered = true }, task.AccountsToPoll().Last());
        Assert.Equal(["w"], task.WitnessesToPoll().Select(account => account.ProjectId));
    }

    [Fact]
    public void What_an_earlier_version_did_not_say_is_empty()
    {
        var earlier = JsonNode.Parse(Task.ToJson())!.AsObject();
        Assert.All(["last_listed", "witnesses", "ring", "meters_orphans"], key => Assert.True(earlier.Remove(key)));
        var task = RoundTask.FromJson(Encoding.UTF8.GetBytes(earlier.ToJsonString()));
        var old = JsonNode.Parse(Report.ToJson())!.AsObject();
        Assert.All(["largest", "workers"], key => Assert.True(old["report"]!.AsObject().Remove(key)));
        var report = TaskReport.FromJson(Encoding.UTF8.GetBytes(old.ToJsonString()));

        Assert.Empty(task.LastListed);
        Assert.Empty(task.Witnesses);
        Assert.Null(task.Ring);
        Assert.False(task.AccountsToPoll().Last().IsOrphan);
        Assert.Empty(report.Report.Largest);
        Assert.Empty(report.Report.Workers);
    }

    [Fact]
    public void A_task_with_an_account_without_one_of_the_prefixes_or_with_none_is_none()
    {
        Assert.Throws<JsonException>(() => RoundTask.FromJson(SomeRound.Task(1, "OTHER_a").ToJson()));
        Assert.Throws<JsonException>(() => RoundTask.FromJson(SomeRound.Task(1).ToJson()));
    }
}
