using Consometer.Swift.Keystone;

namespace Consometer.Tests.Swift;

/// <summary>A Keystone that refuses, fails or is none: always a KeystoneException of one line that says where and what, never with the password.</summary>
public sealed class KeystoneFailureTests
{
    private static readonly Reply NoHttp = Reply.Cut("220 mail.example ESMTP\r\n\r\n");

    [Theory]
    [InlineData("tokens-401", "401")]
    [InlineData("tokens-401-no-role-on-system", "401")]
    [InlineData("projects-403-project-reader", "403")]
    [InlineData("projects-404-unknown-marker", "404")]
    [InlineData("versions-300", "300")]
    [InlineData("version-200", "X-Subject-Token")]
    public async Task No_token(string page, string found) => await FailsAsync(_ => ProjectListingTests.Page(page), found);

    [Theory]
    [InlineData("projects-401-bad-token", "401")]
    [InlineData("projects-403-project-reader", "reader on system all")]
    [InlineData("projects-403-unscoped", "identity:list_projects")]
    [InlineData("projects-404-unknown-marker", "Marker ffff")]
    [InlineData("services-200", "JSON without one")]
    public async Task A_token_and_no_list(string page, string found) => await FailsAsync(AfterToken(ProjectListingTests.Page(page)), found);

    [Fact]
    public async Task A_list_cut_short_without_a_next_page() =>
        await FailsAsync(AfterToken(Reply.Json("""{"projects": [{"id": "p"}], "links": {"next": null}, "truncated": true}""")), "cut short");

    public static TheoryData<string> Lists() =>
    [
        "",
        "no JSON",
        "{",
        "[]",
        "null",
        "\"projects\"",
        "{}",
        """{"projects": null}""",
        """{"projects": {}}""",
        """{"projects": ["p"]}""",
        """{"projects": [null]}""",
        """{"projects": [{}]}""",
        """{"projects": [{"id": 1}]}""",
        """{"projects": [{"id": "\ud800"}]}""",
        """{"projects": [{"id": "p", "domain_id": "\udfff"}, 7]}""",
    ];

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task A_list_that_is_none(string json) => await FailsAsync(AfterToken(Reply.Json(json)), "list", "project");

    [Theory]
    [InlineData("")]
    [InlineData("<html>\nBad Gateway\n</html>")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("""{"error": "x"}""")]
    [InlineData("""{"error": {"message": 7}}""")]
    [InlineData("""{"error": {"message": "two\nlines\r\nof it"}}""")]
    [InlineData("""{"error": {"message": "\ud800"}}""")]
    public async Task An_error_whose_body_is_no_error_of_Keystone(string body)
    {
        await FailsAsync(_ => Reply.Json(body, "502 Bad Gateway"), "502");
        await FailsAsync(AfterToken(Reply.Json(body, "502 Bad Gateway")), "502");
    }

    [Fact]
    public async Task An_error_in_a_character_set_that_is_none() =>
        await FailsAsync(_ => Reply.Of("HTTP/1.1 500 Oops\r\nContent-Type: text/plain; charset=klingon\r\nContent-Length: 2\r\n\r\nno"), "500");

    [Fact]
    public async Task No_HTTP_or_half_an_answer()
    {
        await FailsAsync(_ => NoHttp, "wanted");
        await FailsAsync(_ => Reply.Cut(""), "wanted");
        await FailsAsync(AfterToken(NoHttp), "wanted");
        await FailsAsync(AfterToken(Reply.Cut("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"projects\": [")), "wanted");
        await FailsAsync(AfterToken(Reply.Reset("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"projects\": [")), "wanted");
    }

    [Fact]
    public async Task Nobody_there()
    {
        using var keystone = new KeystoneSession(ProjectListingTests.Options(new Uri($"http://127.0.0.1:{ScriptedServer.ClosedPort()}")), new ManualClock());
        var error = await Assert.ThrowsAsync<KeystoneException>(() => keystone.TokenAsync(TestContext.Current.CancellationToken));

        Assert.Contains("refused", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_that_passes_is_asked_over_once()
    {
        Reply[] failures = [Reply.Json("{}", "503 Service Unavailable"), Reply.Cut(""), Reply.Reset(""), NoHttp];
        foreach (var failure in failures)
        {
            var requests = 0;
            await using var server = ScriptedServer.Start(request =>
                ++requests % 2 == 1 ? failure
                : request.Target.Contains("/auth/", StringComparison.Ordinal) ? ProjectListingTests.Token : ProjectListingTests.Page("projects-200-no-limit"));

            Assert.Equal(4, (await ProjectListingTests.ListAsync(server)).Length);
            Assert.Equal(4, requests);
        }
    }

    [Fact]
    public async Task A_Keystone_that_says_nothing_is_waited_for_and_not_asked_over()
    {
        var clock = new ManualClock();
        await using var server = ScriptedServer.Start(AfterToken(Reply.Hang));
        using var keystone = new KeystoneSession(ProjectListingTests.Options(server.Uri), clock);
        var listing = ProjectListing.ReadAsync(keystone, new ProjectFilter(true, []), TestContext.Current.CancellationToken);

        await Eventually.HoldsAsync("the list is asked for", () => server.Requests.Count == 2);
        clock.Advance(TimeSpan.FromSeconds(45));

        Assert.EndsWith("found no answer within 45 s", (await Assert.ThrowsAsync<KeystoneException>(() => listing)).Message, StringComparison.Ordinal);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Who_gives_up_waiting_is_not_told_that_Keystone_failed()
    {
        await using var server = ScriptedServer.Start(_ => Reply.Hang);
        using var keystone = new KeystoneSession(ProjectListingTests.Options(server.Uri), new ManualClock());
        using var stopping = new CancellationTokenSource();
        var token = keystone.TokenAsync(stopping.Token);
        await Eventually.HoldsAsync("the token is asked for", () => server.Requests.Count == 1);
        await stopping.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => token);
    }

    private static Func<Request, Reply> AfterToken(Reply reply) =>
        request => request.Target.Contains("/auth/", StringComparison.Ordinal) ? ProjectListingTests.Token : reply;

    private static async Task FailsAsync(Func<Request, Reply> script, params string[] found)
    {
        await using var server = ScriptedServer.Start(script);
        var error = await Assert.ThrowsAsync<KeystoneException>(() => ProjectListingTests.ListAsync(server));

        Assert.StartsWith($"Keystone http://127.0.0.1:{server.Port}/v3: wanted ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
        Assert.True(Array.Exists(found, text => error.Message.Contains(text, StringComparison.Ordinal)), error.Message);
    }
}
