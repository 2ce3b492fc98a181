using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Consometer.Tests.Simulation;

/// <summary>An HTTP answer to the letter, from a recorded file or off the wire: what HttpClient would tidy is what is compared.</summary>
internal sealed record RawAnswer(int Status, string Reason, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>Names as spelt, without those that belong to the server software rather than to Swift or Keystone.</summary>
    public IEnumerable<string> HeaderNames =>
        Headers.Keys.Where(name => name is not ("Date" or "Connection")).Order(StringComparer.Ordinal);

    public RawAnswer Without(string header) =>
        this with { Headers = Headers.Where(pair => pair.Key != header).ToDictionary(StringComparer.Ordinal) };

    public static RawAnswer Recorded(params string[] parts) => Parse(File.ReadAllText(Fixtures.Find(["responses", .. parts])));

    public static RawAnswer Parse(string text)
    {
        text = text.ReplaceLineEndings("\n");
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        Assert.True(end > 0, $"no HTTP answer: '{text}'");
        var lines = text[..end].Split('\n');
        var status = lines[0].Split(' ', 3);
        var headers = lines[1..].Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        return new RawAnswer(int.Parse(status[1], CultureInfo.InvariantCulture), status[2], headers, text[(end + 2)..].TrimEnd('\n'));
    }
}

/// <summary>Asks on a bare socket, one request per connection.</summary>
internal static class RawHttp
{
    public static Task<RawAnswer> HeadAsync(int port, string target) => AskAsync(port, $"HEAD {target}");

    /// <param name="port">On 127.0.0.1.</param>
    /// <param name="request">Method and target.</param>
    /// <param name="token">For X-Auth-Token, if any.</param>
    /// <param name="body">JSON, if any.</param>
    public static async Task<RawAnswer> AskAsync(int port, string request, string? token = null, string? body = null) =>
        RawAnswer.Parse(await TextAsync(port, request, token, body));

    /// <returns>Everything the server sent until it closed the connection; nothing if it was reset.</returns>
    public static async Task<string> TextAsync(int port, string request, string? token = null, string? body = null)
    {
        using var client = new TcpClient();
        var headers = "Host: keystone.example:5000\r\nConnection: close\r\n" + (token is null ? "" : $"X-Auth-Token: {token}\r\n");
        headers += body is null ? "" : $"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n";
        try
        {
            await client.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
            var bytes = Encoding.UTF8.GetBytes($"{request} HTTP/1.1\r\n{headers}\r\n{body}");
            await client.GetStream().WriteAsync(bytes, TestContext.Current.CancellationToken);
            using var reader = new StreamReader(client.GetStream());
            return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            return "";
        }
        catch (SocketException)
        {
            return "";
        }
    }
}
