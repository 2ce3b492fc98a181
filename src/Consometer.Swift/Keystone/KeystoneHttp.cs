using System.Net;
using System.Net.Security;
using System.Text;

namespace Consometer.Swift.Keystone;

/// <summary>One request to Keystone and its answer, within one patience; every failure says where, what was wanted and what was found.</summary>
internal sealed class KeystoneHttp(KeystoneOptions options, TimeProvider clock) : IDisposable
{
    /// <summary>An answer may be the whole list: 300 bytes a project, and room for a million.</summary>
    private const int AnswerBytesMax = 512 << 20;

    /// <summary>Before version 27 all projects are one answer: a hundred thousand take some 20 s.</summary>
    internal static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(45);

    private readonly HttpClient _http = Open(options.Trust);

    private readonly string _root = options.Endpoint.AbsoluteUri.TrimEnd('/') is var url && url.EndsWith("/v3", StringComparison.Ordinal) ? url : url + "/v3";

    /// <summary>
    /// Asks, and once more if the connection is lost or the answer is a 5xx: behind one address there are often several servers. One that
    /// says nothing in all its time is not asked again.
    /// </summary>
    /// <param name="question">What is asked; it may be sent twice.</param>
    /// <param name="stopping">Gives up.</param>
    /// <exception cref="KeystoneException">No answer, or a 5xx.</exception>
    public async Task<KeystoneAnswer> AskAsync(KeystoneQuestion question, CancellationToken stopping)
    {
        var (answer, _) = await TryAsync(question, stopping);
        if (answer is { Status: < HttpStatusCode.InternalServerError })
        {
            return answer;
        }

        // The second failure is told: it is of a new connection, where the first may be of one that was kept too long.
        (answer, var failure) = await TryAsync(question, stopping);
        return answer is { Status: < HttpStatusCode.InternalServerError } ? answer : throw Failure(question, answer?.Error ?? failure!);
    }

    /// <summary>What is found may be Keystone's own words, and those may have the request in them.</summary>
    public KeystoneException Failure(KeystoneQuestion question, string found) => Failure(question.Wanted, found, question.Token);

    public KeystoneException Failure(string wanted, string found, Secret? token = null)
    {
        var told = options.Credentials.Secret.Mask(found).ReplaceLineEndings(" ");
        return new KeystoneException($"Keystone {_root}: wanted {wanted}, found {token?.Mask(told) ?? told}");
    }

    public void Dispose() => _http.Dispose();

    private static HttpClient Open(TlsTrust trust)
    {
        var handler = new SocketsHttpHandler
        {
            UseCookies = false,
            AllowAutoRedirect = false,
            SslOptions = new SslClientAuthenticationOptions { ClientCertificates = trust.ClientCertificates, RemoteCertificateValidationCallback = trust.Accepts },
        };
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = AnswerBytesMax };
    }

    /// <returns>An answer, or why there is none.</returns>
    private async Task<(KeystoneAnswer? Answer, string? Failure)> TryAsync(KeystoneQuestion question, CancellationToken stopping)
    {
        try
        {
            return (await SendAsync(question, stopping), null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return (null, (e.InnerException ?? e).Message);
        }
    }

    private async Task<KeystoneAnswer> SendAsync(KeystoneQuestion question, CancellationToken stopping)
    {
        using var patience = new CancellationTokenSource(RequestTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, patience.Token);
        using var request = new HttpRequestMessage(question.Method, _root + question.Path);
        request.Headers.TryAddWithoutValidation("User-Agent", "consometer");
        if (question.Token is { } token)
        {
            request.Headers.TryAddWithoutValidation("X-Auth-Token", token.Reveal());
        }

        if (question.SubjectToken is { } subject)
        {
            request.Headers.TryAddWithoutValidation("X-Subject-Token", subject.Reveal());
        }

        request.Content = question.Body is { } body ? new StringContent(body, Encoding.UTF8, "application/json") : null;
        try
        {
            using var response = await _http.SendAsync(request, either.Token);
            response.Headers.TryGetValues("X-Subject-Token", out var issued);
            return new KeystoneAnswer(response.StatusCode, response.ReasonPhrase, issued?.First() is { } value ? new Secret(value) : null, await response.Content.ReadAsByteArrayAsync(either.Token));
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            throw Failure(question, $"no answer within {RequestTimeout.TotalSeconds:0} s");
        }
    }
}

/// <summary>What Keystone is asked.</summary>
/// <param name="Method">GET, or POST for a token.</param>
/// <param name="Path">From the version on, with its query.</param>
/// <param name="Wanted">In words, for whoever reads that it failed.</param>
internal sealed record KeystoneQuestion(HttpMethod Method, string Path, string Wanted)
{
    /// <summary>Who asks.</summary>
    public Secret? Token { get; init; }

    /// <summary>The token that is asked about.</summary>
    public Secret? SubjectToken { get; init; }

    /// <summary>JSON.</summary>
    public string? Body { get; init; }

    /// <summary>Without what is sent: there are secrets in it.</summary>
    public override string ToString() => $"{Method} {Path}";
}
