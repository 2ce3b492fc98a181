using System.Globalization;
using System.Text;
using Consometer.Metering.Requests;

namespace Consometer.Tests.Metering.Requests;

/// <summary>Which of a transaction's lines is the client's, in whichever order they come, and for how long that is waited for.</summary>
public sealed class HeldTransactionsTests
{
    private static readonly LoggedLine Client = new() { Received = 17 };
    private static readonly LoggedLine Versioned = Client with { Source = "OV", Received = 18 };
    private static readonly LoggedLine Backend = Client with { Source = "S3", Received = 19 };

    private readonly CountedLog _counted = New();

    [Fact]
    public void A_PUT_with_versions_is_the_clients_when_no_other_line_has_come_within_the_grace()
    {
        _counted.Read(Versioned.ToString());
        Assert.Empty(_counted.Figures);

        _counted.Read(At(Client, 29).ToString()).Settle();
        Assert.Equal(17, In());
        _counted.Read(At(Client, 30).ToString()).Settle();

        Assert.Equal(17 + 17 + 18, In());
        Assert.Equal(3, _counted.Counts.Counted);
        Assert.Empty(_counted.Held);
    }

    [Fact]
    public void The_clients_own_line_takes_the_place_of_what_was_held()
    {
        _counted.Read(Versioned.ToString(), Client.ToString(), At(Client, 3600).ToString()).Settle();

        Assert.Equal(17 + 17, In());
        _counted.AssertEachLineIsCountedOnce();
    }

    /// <summary>The line of a transfer that takes hours comes when it ends; that of a request of S3's is waited for as long.</summary>
    [Fact]
    public void What_S3_made_of_a_request_is_waited_for_a_day()
    {
        _counted.Read(Backend.ToString(), At(Client, 86_399).ToString()).Settle();
        Assert.Equal(17, In());

        _counted.Read(At(Client, 86_400).ToString()).Settle();
        Assert.Equal(17 + 17 + 19, In());
    }

    [Fact]
    public void The_last_line_of_a_transaction_is_the_candidate()
    {
        _counted.Read(Backend.ToString(), Versioned.ToString(), At(Client, 30).ToString()).Settle();

        Assert.Equal(17 + 18, In());
    }

    [Fact]
    public void Lines_of_Swifts_own_daemons_are_never_held()
    {
        _counted.Read((Versioned with { RemoteAddr = "-", ClientIp = "-" }).ToString(), (Client with { RemoteAddr = "-" }).ToString());

        Assert.Equal((2, 0), (_counted.Counts.Internal, _counted.Counts.Counted));
        Assert.Empty(_counted.Held);
    }

    /// <summary>The bucket of the path among those that a copy reads and writes; at the bucket's own host the one with the request's method.</summary>
    [Theory]
    [InlineData("/bucket/key", "bucket")]
    [InlineData("/key", "bucket")]
    [InlineData("/other/key", "other")]
    public void An_S3_request_is_whose_the_requests_made_for_it_are(string path, string bucket)
    {
        _counted.Read(
            (Backend with { Method = "HEAD", Path = "/v1/AUTH_p/other/source", Status = 200 }).ToString(), (Backend with { Path = "/v1/AUTH_p/bucket/key" }).ToString(),
            (Backend with { Method = "HEAD", Path = "/v1/AUTH_p/third", Status = 204 }).ToString(), (Client with { Path = path, Status = 200 }).ToString());

        Assert.Equal(1, _counted.Figures[("AUTH_p", bucket, "storage.objects.upload.internal")]);
        Assert.Equal(17, In());
        Assert.Empty(_counted.Held);
    }

    [Fact]
    public void An_S3_request_is_not_another_transactions()
    {
        _counted.Read(Backend.ToString(), (Client with { Path = "/bucket/key", Transaction = "txanother" }).ToString());

        Assert.Equal((1, 0), (_counted.Counts.Unattributed, _counted.Counts.Counted));
    }

    /// <summary>Whoever goes on elsewhere reads them again, and comes to the same.</summary>
    [Fact]
    public void What_is_held_is_read_again_by_whoever_goes_on()
    {
        _counted.Read((Backend with { Path = "/v1/AUTH_p/bucket/key" }).ToString(), (Versioned with { Transaction = "txanother" }).ToString());
        var next = New();
        foreach (var line in _counted.Held)
        {
            next.Read([.. line, (byte)'\n']);
        }

        next.Read((Client with { Path = "/bucket/key" }).ToString(), At(Client, 30).ToString()).Settle();

        Assert.Equal(17 + 18 + 17, next.Figures[("AUTH_p", "", "storage.objects.incoming.bytes")]);
        Assert.Equal(1, next.Figures[("AUTH_p", "bucket", "storage.objects.upload.internal")]);
    }

    [Fact]
    public void Of_too_many_transactions_the_oldest_is_settled()
    {
        _counted.Read(Enumerable.Range(0, 10_003).Select(i => (Backend with { Transaction = Transaction(i) }).ToString()));

        Assert.Equal(3 * 19, In());
        Assert.Equal(10_000, _counted.Held.Count());
        Assert.Contains(Transaction(3), Encoding.UTF8.GetString(_counted.Held.First()), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_too_many_bytes_the_oldest_are_settled()
    {
        var name = new string('x', 1 << 20);
        _counted.Read(Enumerable.Range(0, 80).Select(i => (Backend with { Transaction = Transaction(i), Path = $"/v1/AUTH_p/c/{name}" }).ToString()));

        Assert.InRange(_counted.Held.Sum(line => (long)line.Length), 60 << 20, 64 << 20);
        Assert.Equal(80, _counted.Held.Count() + _counted.Counts.Counted);
    }

    /// <summary>A request that deletes a thousand objects leaves a thousand lines.</summary>
    [Fact]
    public void Of_many_lines_of_a_transaction_the_first_and_the_last_are_held()
    {
        _counted.Read(Enumerable.Range(0, 1000).Select(i => (Backend with { Method = "DELETE", Status = 204, Path = $"/v1/AUTH_p/c/{i}" }).ToString()));

        var held = _counted.Held.Select(Encoding.UTF8.GetString).ToArray();
        Assert.Equal(16, held.Length);
        Assert.Contains("/c/0 ", held[0], StringComparison.Ordinal);
        Assert.Contains("/c/999 ", held[^1], StringComparison.Ordinal);
        _counted.Read((Client with { Method = "POST", Path = "/c%3Fdelete", Status = 200 }).ToString());
        Assert.Equal(17, In());
        _counted.AssertEachLineIsCountedOnce();
    }

    private static CountedLog New() => new(LogLayout.Parse(LogLayout.Default, out _)!, new ClientNetworks(ClientNetworks.Private, []));

    private static LoggedLine At(LoggedLine line, int seconds) => line with { End = line.End.AddSeconds(seconds), Transaction = Transaction(seconds) };

    private static string Transaction(int number) => string.Create(CultureInfo.InvariantCulture, $"tx{number:x21}-006b021a3f");

    private long In() => _counted.Figures.GetValueOrDefault(("AUTH_p", "", "storage.objects.incoming.bytes"));
}
