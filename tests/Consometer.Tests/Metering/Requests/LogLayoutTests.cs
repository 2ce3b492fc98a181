using System.Text;
using Consometer.Metering.Requests;

namespace Consometer.Tests.Metering.Requests;

public sealed class LogLayoutTests
{
    private const string Own = "{transaction_id} ip={client_ip} <{remote_addr}> [{end_time.datetime}] {method} \"{path}\" {status_int} {bytes_recvd}/in {bytes_sent} {source}";

    private static readonly byte[] OwnLine = Encoding.UTF8.GetBytes(
        "txa ip=10.0.0.9 <10.0.0.1> [21/Nov/2026/12/00/00] PUT \"/v1/AUTH_p/c/o\" 201 17/in - -");

    [Theory]
    [InlineData("")]
    [InlineData(" {access_user_id}")]
    [InlineData(" {access_user_id} {one} more")]
    public void Fields_after_those_of_Swift_change_nothing(string more)
    {
        var line = new LoggedLine { Received = 17 };

        Assert.Equal(17, In(Counted($"{LogLayout.Default}{more}", $"{line}{more}")));
        Assert.Equal(17, In(Counted(LogLayout.Default, $"{line}{more}")));
        Assert.Equal(1, Counted($"{LogLayout.Default} {{access_user_id}}", line.ToString()).Counts.Unreadable);
    }

    [Theory]
    [InlineData(" (txn: tx99)")]
    [InlineData(" (txn: tx99) (client_ip: 1.2.3.4)")]
    [InlineData(" ")]
    public void What_is_appended_to_a_line_changes_nothing(string rest) =>
        Assert.Equal(17, In(Counted(LogLayout.Default, new LoggedLine { Received = 17, Rest = rest }.ToString())));

    [Fact]
    public void A_template_of_ones_own_may_have_text_around_its_fields()
    {
        var counted = Counted(Own, Encoding.UTF8.GetString(OwnLine));

        Assert.Equal(17, In(counted));
        Assert.Equal(1, counted.Counts.Counted);
    }

    /// <summary>After a date all that is left must be there: a line that ends early is not read, and not passed over.</summary>
    [Fact]
    public void A_line_of_another_layout_is_unreadable_and_another_message_is_not_an_access_line()
    {
        Assert.Equal(1, Counted(LogLayout.Default, Encoding.UTF8.GetString(OwnLine).Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal)).Counts.Unreadable);
        Assert.Equal(1, Counted(LogLayout.Default, "<132>proxy-server: Client disconnected on read of '/AUTH_p/c/o' (txn: tx1) (client_ip: 10.0.0.1)").Counts.Other);
        Assert.Equal(1, Counted(LogLayout.Default, "21/Nov/2026/12/00/00").Counts.Other);
    }

    [Fact]
    public void Any_beginning_of_a_line_is_no_request()
    {
        var line = new LoggedLine { Received = 17 }.ToString();
        for (var length = 1; length < line.Length - 1; length++)
        {
            var counts = Counted(LogLayout.Default, line[..length]).Counts;
            Assert.True(counts is { Counted: 0, Other: 1 } or { Counted: 0, Unreadable: 1 }, line[..length]);
        }
    }

    /// <summary>
    /// <c>log_max_line_length</c>: whatever it leaves, nobody is charged for another's request, and nobody for more than he did. A number of bytes may
    /// have lost digits where what is gone beside it was two words: no line tells that from a client that calls itself "...".
    /// </summary>
    [Theory]
    [InlineData("swift-2.38")]
    [InlineData("swift-2.38-s3-forced")]
    public void A_line_that_was_shortened_says_no_more_than_the_whole_one(string name)
    {
        var (same, none) = (0, 0);
        foreach (var line in RecordedLog.Read(name).Lines.Where((text, i) => i % 7 == 0 && text.Length < 1000))
        {
            var whole = Counted(LogLayout.Default, line).Figures;
            for (var max = 40; max < line.Length; max++)
            {
                var half = (max - 5) / 2;
                var (message, framing) = (line["<134>".Length..], line[.."<134>".Length]);
                var figures = Counted(LogLayout.Default, $"{framing}{message[..half]} ... {message[^half..]}").Figures;
                Assert.All(figures, figure => Assert.InRange(figure.Value, 1, whole[figure.Key]));
                (same, none) = figures.Count == 0 ? (same, none + 1) : (same + 1, none);
            }
        }

        Assert.NotEqual(0, same);
        Assert.NotEqual(0, none);
    }

    [Theory]
    [InlineData("21/Nov/2026/12/00/00")]
    [InlineData("1.2.3.4 1.2.3.4 21/Nov/2026/12/00/00 GET /v1/AUTH_victim/c/o HTTP/1.0 200")]
    public void An_address_that_looks_like_a_date_or_more_is_an_address(string forged)
    {
        // As the proxy quotes it.
        var line = new LoggedLine { ClientIp = forged.Replace(" ", "%20", StringComparison.Ordinal), Received = 17 }.ToString();

        Assert.Equal(17, In(Counted(LogLayout.Default, line)));
        Assert.Equal(17, In(Counted(LogLayout.Default, $"Nov 21 12:00:00 host {line["<134>".Length..]}")));
    }

    [Theory]
    [InlineData("{path}")]
    [InlineData("{remote_addr}")]
    [InlineData("{client_ip}")]
    public void What_a_proxy_hides_nobody_is_charged_for(string field)
    {
        var template = LogLayout.Default.Replace(field, $"{field[..^1]}.anonymized}}", StringComparison.Ordinal);
        Assert.Null(LogLayout.Parse(template, out var fault));
        Assert.Contains(field, fault, StringComparison.Ordinal);

        foreach (var hidden in (string[])["{MD5}0123456789abcdef0123456789abcdef", "{SMD5}0123456789abcdef0123456789abcdef"])
        {
            var line = new LoggedLine { Received = 17 };
            var counted = Counted(LogLayout.Default, (field == "{path}" ? line with { Path = hidden } : field == "{client_ip}" ? line with { ClientIp = hidden } : line with { RemoteAddr = hidden }).ToString());
            Assert.Equal((1, 0), (counted.Counts.Anonymised, counted.Counts.Counted));
        }
    }

    [Theory]
    [InlineData("{client_ip} {remote_addr}", "{end_time.datetime}", "{source}")]
    [InlineData("", "{client_ip}", "{transaction_id}")]
    [InlineData(Own + "{protocol}", "{source}", "{source}")]
    public void A_fault_names_what_is_missing(string template, string first, string last)
    {
        Assert.Null(LogLayout.Parse(template, out var fault));

        Assert.Contains(first, fault, StringComparison.Ordinal);
        Assert.Contains(last, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_that_is_not_by_itself_between_spaces_is_missing()
    {
        Assert.Null(LogLayout.Parse(LogLayout.Default.Replace("{method} {path}", "{method}{path}", StringComparison.Ordinal), out var fault));
        Assert.Equal("no {method}, {path} of its own, between spaces", fault);
        Assert.Null(LogLayout.Parse(LogLayout.Default + string.Concat(Enumerable.Repeat(" {pid}", 40)), out var long_));
        Assert.Equal("61 fields", long_);
    }

    [Fact]
    public void A_layout_says_whether_it_names_accounts()
    {
        Assert.False(LogLayout.Parse(LogLayout.Default, out _)!.NamesAccounts);
        Assert.False(LogLayout.Parse($"{LogLayout.Default} {{account}}", out _)!.NamesAccounts);
        Assert.True(LogLayout.Parse($"{LogLayout.Default} {{account}} {{container}}", out _)!.NamesAccounts);
    }

    private static CountedLog Counted(string template, string line)
    {
        var layout = LogLayout.Parse(template, out var fault);
        Assert.Null(fault);
        return new CountedLog(layout!, new ClientNetworks(ClientNetworks.Private, [])).Read(line);
    }

    private static long In(CountedLog counted) => counted.Figures.GetValueOrDefault(("AUTH_p", "", "storage.objects.incoming.bytes"));
}
