using Consometer.Swift.Accounts;
using Consometer.Swift.Recon;

namespace Consometer.Tests.Swift;

/// <summary>The client of recon against answers recorded from real servers, and against servers that fail in every way.</summary>
public sealed class ReconClientTests
{
    private const int SafetyNet = 60_000;
    private const string Md5 = "0123456789abcdef0123456789abcdef";

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    [Theory(Timeout = SafetyNet)]
    [InlineData("recon-ringmd5-200.http", "account.ring.gz=6e0d435d2de99eb4137e830271851239 container.ring.gz=7e8539200c81e90d9d8485125039aea1 "
        + "object-1.ring.gz=c416aad54025ceef3c2fe6e3321ca60d object.ring.gz=bd7ff57c0d2329d0bdc2a288b063e2ac")]
    [InlineData("recon-ringmd5-200-null.http", "account.ring.gz=null container.ring.gz=7e8539200c81e90d9d8485125039aea1")]
    [InlineData("recon-swiftconfmd5-200.http", "swift.conf=22f14cc2ae6d0dd71fbbcc74093f118e")]
    [InlineData("recon-400-no-recon.http", "status_400")]
    [InlineData("recon-404-unknown.http", "status_404")]
    public async Task What_a_real_server_said_is_understood(string file, string said) => Assert.Equal(said, Describe(await AskAsync(Reply.Recorded(file))));

    [Fact(Timeout = SafetyNet)]
    public async Task Each_question_is_a_plain_GET_to_the_server_itself()
    {
        await using var server = ScriptedServer.Start(_ => Reply.Json($$"""{"/etc/swift/swift.conf": "{{Md5}}"}"""));
        using var recon = Client(new ManualClock());
        var node = new Node("127.0.0.1", server.Port);

        await recon.ReadRingMd5sAsync(node, TestContext.Current.CancellationToken);
        await recon.ReadSwiftConfMd5Async(node, TestContext.Current.CancellationToken);

        Assert.Equal(["GET /recon/ringmd5 HTTP/1.1", "GET /recon/swiftconfmd5 HTTP/1.1"], server.Requests.Select(request => request.Line));
        Assert.All(server.Requests, request => Assert.True(request.Has($"Host: {node}") && request.Has("User-Agent: consometer")));
        Assert.Equal(1, server.Connections);
    }

    [Fact(Timeout = SafetyNet)]
    public async Task A_server_with_an_IPv6_address_is_asked_like_any_other()
    {
        Assert.SkipUnless(System.Net.Sockets.Socket.OSSupportsIPv6, "this machine has no IPv6");
        await using var server = ScriptedServer.StartIPv6(_ => Reply.Recorded("recon-swiftconfmd5-200.http"));
        using var recon = Client(new ManualClock());

        var answer = await recon.ReadSwiftConfMd5Async(new Node("::1", server.Port), TestContext.Current.CancellationToken);

        Assert.Equal("swift.conf=22f14cc2ae6d0dd71fbbcc74093f118e", Describe(answer));
    }

    [Theory(Timeout = SafetyNet)]
    [InlineData("{}", "")]
    [InlineData("""{"account.ring.gz": "0123456789abcdef0123456789abcdef"}""", "account.ring.gz=0123456789abcdef0123456789abcdef")]
    [InlineData("""{"/a/b.ring.gz": null, "/a/c.ring.gz": null}""", "b.ring.gz=null c.ring.gz=null")]
    [InlineData("""{"/a/b.ring.gz": null, "/c/b.ring.gz": null}""", "malformed_answer")]
    [InlineData("""{"/a/b.ring.gz": null, "/a/b.ring.gz": null}""", "malformed_answer")]
    [InlineData("""{"/a/b.ring.gz": ""}""", "malformed_answer")]
    [InlineData("""{"/a/b.ring.gz": "0123456789ABCDEF0123456789abcdef"}""", "malformed_answer")]
    [InlineData("""{"/a/b.ring.gz": "0123456789abcdef0123456789abcdef0"}""", "malformed_answer")]
    [InlineData("""{"/a/b.ring.gz": "0123456789abcdef0123456789abcdeg"}""", "malformed_answer")]
    [InlineData("""{"/a/b.ring.gz": 1}""", "malformed_answer")]
    [InlineData("""{"/a/b.ring.gz": ["0123456789abcdef0123456789abcdef"]}""", "malformed_answer")]
    [InlineData("""{"\ud800": null}""", "malformed_answer")]
    [InlineData("""{"/a/b.ring.gz": "\udfff"}""", "malformed_answer")]
    [InlineData("""{"/a/b.ring.gz": null""", "malformed_answer")]
    [InlineData("""{"/a/b.ring.gz": null} {}""", "malformed_answer")]
    [InlineData("[]", "malformed_answer")]
    [InlineData("null", "malformed_answer")]
    [InlineData("", "malformed_answer")]
    [InlineData("<html>", "malformed_answer")]
    public async Task Only_an_object_of_MD5s_is_an_answer(string json, string said) => Assert.Equal(said, Describe(await AskAsync(Reply.Json(json))));

    [Fact(Timeout = SafetyNet)]
    public async Task An_answer_about_swift_conf_without_one_is_none()
    {
        await using var server = ScriptedServer.Start(_ => Reply.Json($$"""{"/etc/swift/other.conf": "{{Md5}}"}"""));
        using var recon = Client(new ManualClock());

        var answer = await recon.ReadSwiftConfMd5Async(new Node("127.0.0.1", server.Port), TestContext.Current.CancellationToken);

        Assert.Equal("malformed_answer", Describe(answer));
    }

    [Theory(Timeout = SafetyNet)]
    [InlineData("HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", "status_301")]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 1000000000\r\n\r\n", "status_503")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", "malformed_answer")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{}", "connection_lost")]
    [InlineData("HTTP/1.1 200 O", "connection_lost")]
    [InlineData("220 mail.example ESMTP\r\n\r\n", "connection_lost")]
    [InlineData("", "connection_lost")]
    public async Task Whatever_else_a_server_says_has_a_name(string answer, string said) => Assert.Equal(said, Describe(await AskAsync(Reply.Cut(answer))));

    /// <summary>A mebibyte is the most; neither a length that is told nor one that is not gets past it.</summary>
    [Theory(Timeout = SafetyNet)]
    [InlineData(1 << 20, true, "")]
    [InlineData((1 << 20) + 1, true, "malformed_answer")]
    [InlineData((1 << 20) + 1, false, "malformed_answer")]
    public async Task An_answer_is_read_to_a_limit(int bytes, bool isLengthTold, string said)
    {
        var head = "HTTP/1.1 200 OK\r\n" + (isLengthTold ? $"Content-Length: {bytes}\r\n\r\n" : "Connection: close\r\n\r\n");

        Assert.Equal(said, Describe(await AskAsync(Reply.Cut(head + "{}".PadRight(bytes)))));
    }

    [Fact(Timeout = SafetyNet)]
    public async Task A_port_where_nobody_listens_and_a_host_without_an_address_are_unreachable()
    {
        using var recon = Client(new ManualClock());

        Assert.Equal("unreachable", Describe(await recon.ReadRingMd5sAsync(new Node("127.0.0.1", ScriptedServer.ClosedPort()), TestContext.Current.CancellationToken)));
        Assert.Equal("unreachable", Describe(await recon.ReadRingMd5sAsync(new Node("no such host", 6202), TestContext.Current.CancellationToken)));
    }

    [Fact(Timeout = SafetyNet)]
    public async Task A_server_that_says_nothing_has_until_the_timeout_and_no_longer()
    {
        var clock = new ManualClock();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = ScriptedServer.Start(_ =>
        {
            asked.TrySetResult();
            return Reply.Hang;
        });
        using var recon = Client(clock);
        var answer = recon.ReadRingMd5sAsync(new Node("127.0.0.1", server.Port), TestContext.Current.CancellationToken);

        await asked.Task;
        clock.Advance(AnswerTimeout - TimeSpan.FromTicks(1));
        Assert.False(answer.IsCompleted);
        clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal("timed_out", Describe(await answer));
    }

    /// <summary>Each byte comes in good time; what is over is the time for all of them.</summary>
    [Fact(Timeout = SafetyNet)]
    public async Task A_body_that_drips_has_no_longer_than_one_that_does_not_come()
    {
        var (clock, second) = (new ManualClock(), TimeSpan.FromSeconds(1));
        await using var server = ScriptedServer.Start(_ => Reply.Drip("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{}", clock));
        using var recon = Client(clock);
        var answer = recon.ReadRingMd5sAsync(new Node("127.0.0.1", server.Port), TestContext.Current.CancellationToken);

        for (var waited = TimeSpan.Zero; waited < AnswerTimeout; waited += second)
        {
            await Eventually.HoldsAsync("the next byte is due", () => clock.IsWaitedFor(second));
            Assert.False(answer.IsCompleted);
            clock.Advance(second);
        }

        Assert.Equal("timed_out", Describe(await answer));
    }

    [Theory(Timeout = SafetyNet)]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{}")]
    public async Task Being_stopped_is_never_blamed_on_the_server(string begun)
    {
        using var stopping = new CancellationTokenSource();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = ScriptedServer.Start(_ =>
        {
            asked.TrySetResult();
            return Reply.Of(begun) with { Then = Ending.Hang };
        });
        using var recon = Client(new ManualClock());
        var answer = recon.ReadRingMd5sAsync(new Node("127.0.0.1", server.Port), stopping.Token);

        await asked.Task;
        await stopping.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
    }

    private static ReconClient Client(TimeProvider clock) => new(new ReconOptions(TimeSpan.FromSeconds(30), AnswerTimeout), clock);

    private static async Task<ReconAnswer> AskAsync(Reply reply)
    {
        await using var server = ScriptedServer.Start(_ => reply);
        using var recon = Client(new ManualClock());
        return await recon.ReadRingMd5sAsync(new Node("127.0.0.1", server.Port), TestContext.Current.CancellationToken);
    }

    private static string Describe(ReconAnswer answer) => answer is ReconAnswer.Answered { Md5s: var md5s }
        ? string.Join(' ', md5s.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => $"{file.Key}={file.Value ?? "null"}"))
        : answer.Word;
}
