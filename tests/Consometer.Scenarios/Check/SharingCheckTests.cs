using System.Text.Json;
using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Running;
using RabbitMQ.Client;

namespace Consometer.Scenarios.Check;

/// <summary><c>check</c> where rounds are shared, on a real broker: what is found, and that all is as it was then.</summary>
public sealed class SharingCheckTests(RealSwift lab, RealBroker broker) : BrokerTest(lab, broker)
{
    private const string Prefix = "consometer.RegionOne";
    private const string Tasks = Prefix + ".tasks";
    private const string Late = Prefix + ".late";
    private const string Last = Prefix + ".last";
    private const int NoAnswer = 5;

    private static readonly Dictionary<string, object?> Quorum = new() { ["x-queue-type"] = "quorum", ["x-delivery-limit"] = 1_000_000 };
    private static readonly Dictionary<string, object?> ForOne = new(Quorum) { ["x-single-active-consumer"] = true };

    private static readonly Dictionary<string, object?> OfTasks = new(Quorum)
    {
        ["x-delivery-limit"] = 6,
        ["x-dead-letter-exchange"] = Prefix,
        ["x-dead-letter-routing-key"] = "late",
    };

    /// <summary>With what brokers know since 3.10.</summary>
    private static readonly Dictionary<string, object?> OfTasksToday = new(OfTasks) { ["x-dead-letter-strategy"] = "at-least-once", ["x-overflow"] = "reject-publish" };

    [Fact]
    public async Task Where_nothing_is_there_yet_the_first_daemon_will_make_it()
    {
        var (exitCode, lines) = await CheckAsync(RealBroker.Admin);

        Assert.Equal(0, exitCode);
        Assert.Equal(["ok", "ok", "ok"], lines.Select(line => line.Verdict));
        Assert.Matches(@"^RabbitMQ \d+\.\d+", lines[0].Found);
        Assert.Equal(("prefix consometer.RegionOne", "nothing there yet: the first daemon makes exchange and queues"), (lines[1].LookedAt, lines[1].Found));
        Assert.Equal("may configure, write and read what begins with consometer.RegionOne", lines[2].Found);
        Assert.Empty(await Host.QueuesAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task All_is_right_as_a_newer_or_an_older_broker_had_it_made(bool isNewer)
    {
        await MakeAsync(isNewer);

        for (var time = 1; time <= 2; time++)
        {
            var (exitCode, lines) = await CheckAsync(RealBroker.Admin);

            Assert.Equal(0, exitCode);
            Assert.Equal(["ok", "ok", "ok", "ok"], lines.Select(line => line.Verdict));
            Assert.Equal(("the exchange and 6 queues", "no round was shared yet"), (lines[1].Found, lines[3].Found));
        }

        Assert.All(await Host.QueuesAsync(), queue => Assert.Equal(0, queue.Messages));
    }

    [Fact]
    public async Task A_classic_queue_in_the_place_of_one_is_told_in_the_broker_s_words_and_stays()
    {
        await MakeAsync(isNewer: true, except: Tasks);
        await Host.OnChannelAsync(channel => channel.QueueDeclareAsync(Tasks, durable: true, exclusive: false, autoDelete: false));

        var (exitCode, lines) = await CheckAsync(RealBroker.Admin);

        Assert.Equal(NoAnswer, exitCode);
        var wrong = Assert.Single(lines, line => line.Verdict != "ok");
        Assert.Equal(("fail", $"queue {Tasks}"), (wrong.Verdict, wrong.LookedAt));
        Assert.StartsWith("406 PRECONDITION_FAILED", wrong.Found, StringComparison.Ordinal);
        Assert.Contains($"rabbitmqctl delete_queue -p {Host.Name} {Tasks}", wrong.Remedy, StringComparison.Ordinal);
        Assert.Equal(6, (await Host.QueuesAsync()).Length);
    }

    [Fact]
    public async Task A_topic_exchange_of_that_name_and_a_queue_that_is_gone_are_told()
    {
        await MakeAsync(isNewer: true, except: Late, type: ExchangeType.Topic);

        var (exitCode, lines) = await CheckAsync(RealBroker.Admin);

        Assert.Equal(NoAnswer, exitCode);
        Assert.Equal(["ok", "warn", "fail", "ok", "ok"], lines.Select(line => line.Verdict));
        Assert.Equal("not there, though others are: queue consometer.RegionOne.late", lines[1].Found);
        Assert.Equal("exchange consometer.RegionOne", lines[2].LookedAt);
        Assert.DoesNotContain(await Host.QueuesAsync(), queue => queue.Name == Late);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_user_without_rights_is_told_the_line_that_gives_them(bool isThere)
    {
        if (isThere)
        {
            await MakeAsync(isNewer: true);
        }

        var (exitCode, lines) = await CheckAsync(RealBroker.Writer);

        Assert.Equal(NoAnswer, exitCode);
        var refused = Assert.Single(lines, line => line.Verdict != "ok");
        Assert.Equal(("fail", $"user consometer, vhost {Host.Name}"), (refused.Verdict, refused.LookedAt));
        Assert.Contains("no right to configure, write, read, bind: 403 ACCESS_REFUSED", refused.Found, StringComparison.Ordinal);
        Assert.Equal($@"rabbitmqctl set_permissions -p {Host.Name} consometer CONFIGURE WRITE READ, each of which matches ^consometer\.RegionOne too", refused.Remedy);
    }

    /// <summary>Each right is tried by itself, and what the README gives is enough.</summary>
    [Theory]
    [InlineData("", "^consometer", "^consometer", "configure")]
    [InlineData("^consometer", "", "^consometer", "write")]
    [InlineData("^consometer", "^consometer", "", "read")]
    [InlineData("^consometer", "^consometer", @"\.ended\.", "bind")]
    [InlineData(@"^consometer\.RegionOne", @"^(consometer\.RegionOne|ceilometer$)", @"^consometer\.RegionOne", null)]
    public async Task The_right_that_is_missing_is_named(string configure, string write, string read, string? missing)
    {
        await PermitAsync(configure, write, read);

        var (exitCode, lines) = await CheckAsync(RealBroker.Writer);

        Assert.Equal(missing is null ? 0 : NoAnswer, exitCode);
        Assert.Equal(missing is null ? "ok" : "fail", lines[^1].Verdict);
        Assert.StartsWith(missing is null ? "may configure, write and read" : $"no right to {missing}", lines[^1].Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_round_tells_of_daemons_with_another_ring_and_of_tasks_that_were_lost_and_stays()
    {
        await MakeAsync(isNewer: true);
        await Host.PublishAsync(Prefix, "ended", EndedRound.Json);

        for (var time = 1; time <= 2; time++)
        {
            var (exitCode, lines) = await CheckAsync(RealBroker.Admin);

            Assert.Equal(0, exitCode);
            Assert.Equal(["ok", "ok", "ok", "warn", "warn"], lines.Select(line => line.Verdict));
            Assert.Equal(("round 2026-11-21T13:00:00Z", "2 of 4 tasks done, daemons: 2, late: 1, not_reported: 1"), (lines[3].LookedAt, lines[3].Found));
            Assert.Equal(("there/2", $"another ring in round 2026-11-21T13:00:00Z: {EndedRound.OtherRing}, and here {EndedRound.OwnRing}"), (lines[4].LookedAt, lines[4].Found));
        }

        await Host.OnChannelAsync(async channel => Assert.NotNull(await channel.BasicGetAsync(Last, autoAck: true)));
    }

    [Fact]
    public async Task A_broker_that_is_gone_keeps_it_back()
    {
        Folder.Write(new LabConfiguration { Rabbit = "host: 127.0.0.1, port: 1, user: u, password: p", Cluster = "mode: shared" });

        var (exitCode, lines) = await CheckAsync();

        Assert.Equal(NoAnswer, exitCode);
        Assert.Equal(("skipped", "needs a broker"), (Assert.Single(lines).Verdict, lines[0].Found));
    }

    private Task MakeAsync(bool isNewer, string? except = null, string type = ExchangeType.Direct) => Host.OnChannelAsync(async channel =>
    {
        (string Name, Dictionary<string, object?> Arguments, string[] Keys)[] queues =
        [
            ("coordinator", ForOne, ["role"]), ("tasks", isNewer ? OfTasksToday : OfTasks, ["task"]), ("reports", Quorum, ["report"]), ("late", Quorum, ["late"]),
            ("journal", ForOne, ["task", "journal", "ended"]), ("last", new(Quorum) { ["x-max-length"] = 1 }, ["ended"]),
        ];
        await channel.ExchangeDeclareAsync(Prefix, type, durable: true);
        foreach (var (name, arguments, keys) in queues.Select(queue => queue with { Name = $"{Prefix}.{queue.Name}" }).Where(queue => queue.Name != except))
        {
            await channel.QueueDeclareAsync(name, durable: true, exclusive: false, autoDelete: false, arguments);
            foreach (var key in keys)
            {
                await channel.QueueBindAsync(name, Prefix, key);
            }
        }
    });

    private async Task PermitAsync(string configure, string write, string read)
    {
        string[] patterns = [.. new[] { configure, write, read }.Select(pattern => $"<<\"{(pattern.Length == 0 ? "^$" : pattern).Replace("\\", "\\\\", StringComparison.Ordinal)}\">>")];
        (await Programs.LabAsync("rabbit", "eval", $"ok = rabbit_auth_backend_internal:set_permissions(<<\"consometer\">>, <<\"{Host.Name}\">>, {string.Join(", ", patterns)}, <<\"lab\">>)")).Succeeded();
    }

    private Task<(int ExitCode, Line[] Lines)> CheckAsync(BrokerUser user)
    {
        Folder.Write(new LabConfiguration { Rabbit = Host.Settings(user), Publish = "format: ceilometer, declare: durable", Cluster = "mode: shared" });
        return CheckAsync();
    }

    /// <summary>The exit code, and the lines that are about sharing.</summary>
    private async Task<(int ExitCode, Line[] Lines)> CheckAsync()
    {
        var run = await Programs.ConsometerAsync(["check", "--config", Folder.Path, "--format", "json"]);
        var document = JsonElement.Parse(run.Output);
        return (run.ExitCode, [.. document.GetProperty("checks").EnumerateArray().Select(check => check.Deserialize<Line>(Line.Names)!).Where(line => line.Check == "cluster")]);
    }

    private sealed record Line(string Check, string Verdict, string LookedAt, string Found, string? Remedy)
    {
        public static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    }
}
