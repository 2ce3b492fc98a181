using System.Text.Json;
using Consometer.Swift.Accounts;

namespace Consometer.Swift.Recon;

/// <summary>How servers are asked.</summary>
/// <param name="ConnectTimeout">At most this long for a connection.</param>
/// <param name="AnswerTimeout">At most this long for an answer, from the first byte of the request to the last of the answer.</param>
public sealed record ReconOptions(TimeSpan ConnectTimeout, TimeSpan AnswerTimeout)
{
    /// <summary>More patient than a round is: nobody waits behind a server here, and one in another region is slow to connect to.</summary>
    public static ReconOptions Default { get; } = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10));
}

/// <summary>
/// Asks the recon middleware of storage servers (<c>swift/common/middleware/recon.py</c>), which reads the files anew for each
/// question. Safe to share between threads.
/// </summary>
public sealed class ReconClient(ReconOptions options, TimeProvider clock) : IDisposable
{
    /// <summary>The name that swift.conf has on every server.</summary>
    public const string SwiftConf = "swift.conf";

    /// <summary>Room for some 10,000 rings; a server has one for accounts, one for containers and one a storage policy.</summary>
    private const int AnswerBytesMax = 1 << 20;

    private const int Md5Digits = 32;

    private readonly HttpMessageInvoker _http = NodeHttp.Open(options.ConnectTimeout);

    /// <summary>The rings a server has: <c>GET /recon/ringmd5</c>. The MD5s are of the compressed files.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> was cancelled.</exception>
    public Task<ReconAnswer> ReadRingMd5sAsync(Node node, CancellationToken stopping) => AskAsync(node, "ringmd5", stopping);

    /// <summary>The swift.conf a server has: <c>GET /recon/swiftconfmd5</c>. If it answers, <see cref="SwiftConf"/> is in the answer.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> was cancelled.</exception>
    public async Task<ReconAnswer> ReadSwiftConfMd5Async(Node node, CancellationToken stopping)
    {
        var answer = await AskAsync(node, "swiftconfmd5", stopping);
        return answer is ReconAnswer.Answered { Md5s: var md5s } && !md5s.ContainsKey(SwiftConf)
            ? new ReconAnswer.Unavailable(Unavailability.MalformedAnswer)
            : answer;
    }

    public void Dispose() => _http.Dispose();

    private async Task<ReconAnswer> AskAsync(Node node, string question, CancellationToken stopping)
    {
        if (!Uri.TryCreate($"http://{node}/recon/{question}", UriKind.Absolute, out var address))
        {
            return new ReconAnswer.Unavailable(Unavailability.Unreachable);
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("User-Agent", "consometer");
        using var patience = new CancellationTokenSource(options.AnswerTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, patience.Token);
        try
        {
            using var response = await _http.SendAsync(request, either.Token);
            if (!response.IsSuccessStatusCode)
            {
                return new ReconAnswer.Refused((int)response.StatusCode);
            }

            await response.Content.LoadIntoBufferAsync(AnswerBytesMax, either.Token);
            return Interpret(await response.Content.ReadAsByteArrayAsync(either.Token));
        }
        catch (Exception e) when (NodeHttp.FailureOf(e, patience.Token, stopping) is { } reason)
        {
            return new ReconAnswer.Unavailable(reason);
        }
    }

    /// <summary>An object of MD5s by path. One that names a file twice, or has what is no MD5, is nothing to rely on.</summary>
    private static ReconAnswer Interpret(byte[] body)
    {
        var md5s = new Dictionary<string, string?>(StringComparer.Ordinal);
        return Parse(body) is { } said && said.All(file => (file.Value is null || IsMd5(file.Value)) && md5s.TryAdd(NameOf(file.Key), file.Value))
            ? new ReconAnswer.Answered(md5s)
            : new ReconAnswer.Unavailable(Unavailability.MalformedAnswer);
    }

    private static Dictionary<string, string?>? Parse(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string?>>(body, JsonSerializerOptions.Strict);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsMd5(string text) => text.Length == Md5Digits && text.All(char.IsAsciiHexDigitLower);

    /// <summary>Without the folder, which may differ from server to server (<c>swift_dir</c>).</summary>
    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];
}
