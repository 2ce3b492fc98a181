using System.Net.Security;
using Consometer.Swift.Accounts;

namespace Consometer.Swift;

/// <summary>How far a server's clock is from this host's.</summary>
/// <param name="Offset">Positive where the server's is ahead.</param>
/// <param name="Uncertainty">How wrong that may be: a header has whole seconds, and nothing tells when between question and answer it was written.</param>
public sealed record ClockReading(TimeSpan Offset, TimeSpan Uncertainty);

/// <summary>Reads the clocks of HTTP servers off their <c>Date</c> header, whatever else they answer. Safe to share between threads.</summary>
/// <param name="trust">Whom to trust over TLS.</param>
/// <param name="clock">This host's.</param>
public sealed class ServerClocks(TlsTrust trust, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HalfASecond = TimeSpan.FromMilliseconds(500);

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        SslOptions = new SslClientAuthenticationOptions { ClientCertificates = trust.ClientCertificates, RemoteCertificateValidationCallback = trust.Accepts },
    });

    /// <returns>Null if it does not answer, or does not say.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> was cancelled.</exception>
    public async Task<ClockReading?> ReadAsync(Uri address, CancellationToken stopping)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, address);
        request.Headers.TryAddWithoutValidation("User-Agent", "consometer");
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, patience.Token);
        try
        {
            var (asked, ticks) = (clock.GetUtcNow(), clock.GetTimestamp());
            using var response = await _http.SendAsync(request, either.Token);
            var halfWay = clock.GetElapsedTime(ticks) / 2;

            // The header is cut to the second that it was written in.
            return response.Headers.Date is { } date ? new ClockReading(date + HalfASecond - (asked + halfWay), HalfASecond + halfWay) : null;
        }
        catch (Exception e) when (NodeHttp.FailureOf(e, patience.Token, stopping) is not null)
        {
            return null;
        }
    }

    public void Dispose() => _http.Dispose();
}
