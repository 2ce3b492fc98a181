using System.Net;
using System.Text;

namespace Consometer.Tests.Metering.Requests;

/// <summary>
/// Logs of real proxies, against what the clients say they did. Each request's lines alone, then the whole log: what is counted of it is what its rows
/// add up to.
/// </summary>
public sealed class RecordedLogTests
{
    private static readonly IPNetwork[] Internal = [IPNetwork.Parse("127.0.2.0/24")];

    /// <summary>What a balancer says of its client, which stands at 127.0.3.1 itself, and whether that is internal.</summary>
    private static readonly IPNetwork[] InternalBehindBalancer = [.. Internal, IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("203.0.113.77/32"), IPNetwork.Parse("2001:db8::/32")];

    public static TheoryData<string> Logs() => [.. RecordedLog.Names];

    [Fact]
    public void There_are_six_logs() => Assert.Equal(6, RecordedLog.Names.Length);

    [Theory]
    [MemberData(nameof(Logs))]
    public void Each_request_is_counted_as_its_client_says(string name)
    {
        var log = RecordedLog.Read(name);
        Assert.InRange(log.Requests.Length, 34, 492);

        Assert.All(log.Requests, request => new CountedLog(log, Internal, []).Read(log.LinesOf(request)).AssertIs([ExpectedCount.Of(request, log, IsInternal(request))]));
    }

    [Theory]
    [MemberData(nameof(Logs))]
    public void A_log_adds_up_to_its_requests(string name)
    {
        var log = RecordedLog.Read(name);

        new CountedLog(log, Internal, []).Read(log.Lines).AssertIs(log.Requests.Select(request => ExpectedCount.Of(request, log, IsInternal(request))));
    }

    [Theory]
    [MemberData(nameof(Logs))]
    public void In_datagrams_a_log_adds_up_to_the_same(string name)
    {
        var log = RecordedLog.Read(name);
        var counted = new CountedLog(log, Internal, []);

        foreach (var line in log.Lines)
        {
            counted.Read(Encoding.UTF8.GetBytes(line + "\0"));
        }

        counted.AssertIs(log.Requests.Select(request => ExpectedCount.Of(request, log, IsInternal(request))));
    }

    [Theory]
    [MemberData(nameof(Logs))]
    public void In_pieces_a_log_adds_up_to_the_same(string name)
    {
        var log = RecordedLog.Read(name);
        var counted = new CountedLog(log, Internal, []);
        for (var (start, size) = (0, 1); start < log.Lines.Length; (start, size) = (start + size, (size * 5 % 17) + 1))
        {
            counted.Read(log.Lines[start..Math.Min(log.Lines.Length, start + size)]);
            counted.Settle();
        }

        counted.AssertIs(log.Requests.Select(request => ExpectedCount.Of(request, log, IsInternal(request))));
    }

    /// <summary>As rsyslog writes its files, by either of its usual formats, as others pass it on, and with the ends of lines of another system.</summary>
    [Theory]
    [InlineData("Nov 21 22:20:52 host proxy-server: ", "\n")]
    [InlineData("2026-11-21T22:20:52.003+00:00 host proxy-server: ", "\n")]
    [InlineData("<134>1 2026-11-21T22:20:52.003Z host proxy-server - - - ", "\n")]
    [InlineData("<134>1 2026-11-21T22:20:52.003Z host proxy-server 4711 ID47 [meta@1 sequenceId=\"29\" x=\"a b\"] ", "\n")]
    [InlineData("<134>Nov 21 22:20:52 host proxy-server: ", "\r\n")]
    [InlineData("", "\n")]
    public void After_a_syslog_daemon_a_log_adds_up_to_the_same(string before, string end)
    {
        foreach (var log in RecordedLog.Names.Select(RecordedLog.Read))
        {
            var lines = log.Lines.Select(line => line.Replace("<134>proxy-server: ", before, StringComparison.Ordinal));

            new CountedLog(log, Internal, []).Read(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + end))))
                .AssertIs(log.Requests.Select(request => ExpectedCount.Of(request, log, IsInternal(request))));
        }
    }

    [Theory]
    [InlineData("swift-2.30.1")]
    [InlineData("swift-2.38")]
    public void Behind_a_balancer_the_client_is_whom_the_balancer_names(string name)
    {
        var log = RecordedLog.Read(name);
        var forwarded = log.Requests.Where(request => request.Peer == "127.0.3.1" && request.ForwardedFor.Length + request.ClusterClientIp.Length > 0).ToArray();
        Assert.InRange(forwarded.Length, 30, 100);

        Assert.All(log.Requests, request => new CountedLog(log, InternalBehindBalancer, [IPNetwork.Parse("127.0.3.1/32")]).Read(log.LinesOf(request))
            .AssertIs([ExpectedCount.Of(request, log, IsInternalBehindBalancer(request))]));
    }

    private static bool IsInternal(ClientRequest request) => request.Peer == "127.0.2.1";

    private static bool IsInternalBehindBalancer(ClientRequest request)
    {
        string[] named = [request.ClusterClientIp, request.ForwardedFor.Split(',')[0].Trim(), request.Peer];
        var client = request.Peer == "127.0.3.1" ? named.First(each => each.Length > 0) : request.Peer;
        return client is "127.0.2.1" or "203.0.113.77:4711" or "2001:db8::17" || client.StartsWith("10.", StringComparison.Ordinal);
    }
}
