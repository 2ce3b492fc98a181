using Consometer.Swift.Accounts;
using Consometer.Swift.Recon;
using Consometer.Tests.Metering;

namespace Consometer.Tests.Swift;

/// <summary>What servers said, against what they should have.</summary>
public sealed class RingAuditTests
{
    private const int SafetyNet = 60_000;

    private static readonly string A = new('a', 32);
    private static readonly string B = new('b', 32);
    private static readonly string C = new('c', 32);

    /// <summary>Rings, swift.conf, and what an audit makes of the two and of the server, where both should be A.</summary>
    public static TheoryData<string, string, string> Servers() => new()
    {
        { Rings(A), Conf(A), "Agrees Agrees: Agrees" },
        { Rings(B), Conf(A), "Differs Agrees: Differs" },
        { Rings(A), Conf(B), "Agrees Differs: Differs" },
        { Rings(null), Conf(A), "Unreadable Agrees: Differs" },
        { Rings(A), Conf(null), "Agrees Unreadable: Differs" },
        { $$"""{"/srv/rings/object.ring.gz": "{{A}}"}""", Conf(A), "NoSuchRing Agrees: Differs" },
        { $$"""{"/srv/rings/account.ring.gz": "{{A}}", "/srv/rings/object.ring.gz": "{{B}}"}""", Conf(A), "Agrees Agrees: Agrees" },
        { "?", Conf(A), "Silent Agrees: Silent" },
        { Rings(A), "?", "Agrees Silent: Silent" },
        { "?", Conf(B), "Silent Differs: Differs" },
        { "?", "?", "Silent Silent: Silent" },
    };

    [Theory(Timeout = SafetyNet)]
    [MemberData(nameof(Servers))]
    public async Task A_server_agrees_only_with_both_files_and_one_that_is_wrong_counts_for_more_than_silence(string rings, string swiftConf, string found)
    {
        var report = await AuditAsync(A, (rings, swiftConf));

        var server = Assert.Single(report.Servers);
        Assert.Equal(found, $"{server.Ring.Verdict} {server.SwiftConf.Verdict}: {server.Verdict}");
        Assert.Equal(1, report.Count(server.Verdict));
        Assert.Equal((A, A), (report.RingMd5, report.SwiftConfMd5));
    }

    /// <summary>The swift.confs of servers by letter, - for one that cannot read it, ? for one that does not say.</summary>
    [Theory(Timeout = SafetyNet)]
    [InlineData("A", "a", "Agrees")]
    [InlineData("ABB", "b", "Differs Agrees Agrees")]
    [InlineData("BA", "a", "Differs Agrees")]
    [InlineData("CBCBA", "b", "Differs Agrees Differs Agrees Differs")]
    [InlineData("--?A", "a", "Unreadable Unreadable Silent Agrees")]
    [InlineData("-?", null, "Unreadable Silent")]
    public async Task Without_a_swift_conf_the_one_that_most_servers_have_is_wanted(string servers, string? wanted, string found)
    {
        var report = await AuditAsync(null, [.. servers.Select(letter => (Rings(A), letter switch
        {
            'A' => Conf(A),
            'B' => Conf(B),
            'C' => Conf(C),
            '-' => Conf(null),
            _ => "?",
        }))]);

        Assert.Equal(wanted is null ? null : new string(wanted[0], 32), report.SwiftConfMd5);
        Assert.Equal(found, string.Join(' ', report.Servers.Select(server => server.SwiftConf.Verdict)));
    }

    [Fact(Timeout = SafetyNet)]
    public async Task Many_servers_are_asked_at_once_but_no_more_than_32_each_for_both_files()
    {
        const int RequestsMax = 2 * 32;
        var gauge = new Gauge(RequestsMax);
        await using var server = ScriptedServer.Start(async request =>
        {
            await gauge.PassAsync();
            return Reply.Json(request.Target.EndsWith("ringmd5", StringComparison.Ordinal) ? Rings(A) : Conf(A));
        });
        using var recon = Client();
        var nodes = Enumerable.Repeat(new Node("127.0.0.1", server.Port), 100).ToArray();

        var report = await RingAudit.RunAsync(recon, nodes, new AuditWanted("account.ring.gz", A, A), TestContext.Current.CancellationToken);

        Assert.Equal(nodes.Length, report.Count(ServerVerdict.Agrees));
        Assert.Equal(RequestsMax, gauge.InsideMax);
    }

    private static string Rings(string? md5) => $$"""{"/srv/rings/account.ring.gz": {{Json(md5)}}}""";

    private static string Conf(string? md5) => $$"""{"/etc/swift/swift.conf": {{Json(md5)}}}""";

    private static string Json(string? md5) => md5 is null ? "null" : $"\"{md5}\"";

    private static ReconClient Client() => new(new ReconOptions(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10)), new ManualClock());

    private static async Task<AuditReport> AuditAsync(string? swiftConfMd5, params (string Rings, string SwiftConf)[] said)
    {
        ScriptedServer[] servers = [.. said.Select(server => ScriptedServer.Start(request => Reply.Json(
            request.Target.EndsWith("ringmd5", StringComparison.Ordinal) ? server.Rings : server.SwiftConf)))];
        Node[] nodes = [.. servers.Select(server => new Node("127.0.0.1", server.Port))];
        using var recon = Client();

        var report = await RingAudit.RunAsync(recon, nodes, new AuditWanted("account.ring.gz", A, swiftConfMd5), TestContext.Current.CancellationToken);

        await Task.WhenAll(servers.Select(server => server.DisposeAsync().AsTask()));
        Assert.Equal(nodes, report.Servers.Select(server => server.Node));
        return report;
    }
}
