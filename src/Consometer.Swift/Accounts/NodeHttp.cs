using System.Net.Security;
using System.Net.Sockets;

namespace Consometer.Swift.Accounts;

/// <summary>HTTP to Swift's servers: straight to the address that is known, without HTTP proxies, redirects or cookies.</summary>
internal static class NodeHttp
{
    /// <param name="connectTimeout">At most this long for a connection.</param>
    /// <param name="keepsConnections">Whether a connection serves one request after another, or every request has a new one.</param>
    /// <param name="trust">Whom to trust over TLS, where that is spoken.</param>
    public static HttpMessageInvoker Open(TimeSpan connectTimeout, bool keepsConnections = true, TlsTrust? trust = null) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = connectTimeout,
        PooledConnectionLifetime = keepsConnections ? Timeout.InfiniteTimeSpan : TimeSpan.Zero,
        SslOptions = trust is null
            ? new SslClientAuthenticationOptions()
            : new SslClientAuthenticationOptions { ClientCertificates = trust.ClientCertificates, RemoteCertificateValidationCallback = trust.Accepts },
        UseCookies = false,
        UseProxy = false,
    });

    /// <summary>Why a server gave no answer; null if the exception is not its doing.</summary>
    /// <param name="failure">What sending the request, or reading the answer, threw.</param>
    /// <param name="patience">Cancelled when the server has had its time.</param>
    /// <param name="stopping">Cancelled when nobody wants the answer any more, which is never blamed on the server.</param>
    public static Unavailability? FailureOf(Exception failure, CancellationToken patience, CancellationToken stopping) => failure switch
    {
        OperationCanceledException when stopping.IsCancellationRequested => null,

        // What is neither the end nor our patience is the handler's connect timeout.
        OperationCanceledException => patience.IsCancellationRequested ? Unavailability.TimedOut : Unavailability.ConnectTimedOut,
        _ => FailureOf(failure),
    };

    /// <summary>Why a connection gave no answer; null if the exception is not its doing.</summary>
    public static Unavailability? FailureOf(Exception failure) => failure switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } => Unavailability.Unreachable,

        // Longer than any answer should be.
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => Unavailability.MalformedAnswer,

        // Mostly the first kind; but what breaks between connecting and the first byte comes out as it is.
        HttpRequestException or IOException or SocketException => Unavailability.ConnectionLost,
        _ => null,
    };
}
