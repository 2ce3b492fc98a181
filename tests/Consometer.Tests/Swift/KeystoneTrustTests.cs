using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Consometer.Swift;
using Consometer.Swift.Keystone;

namespace Consometer.Tests.Swift;

/// <summary>Keystone over TLS, with a certificate of an authority that no system trusts.</summary>
public sealed class KeystoneTrustTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly X509Certificate2 _authority = MakeAuthority("Acme Root");

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_server_is_trusted_by_its_authority_or_if_any_will_do_and_else_refused()
    {
        using var other = MakeAuthority("Other Root");
        var ours = _folder.Write("ca.pem", _authority.ExportCertificatePem());
        var theirs = _folder.Write("other.pem", other.ExportCertificatePem());

        Assert.Null(await FailureAsync(TlsTrust.Load(ours, null, null, isInsecure: false)));
        Assert.Null(await FailureAsync(TlsTrust.Load(null, null, null, isInsecure: true)));
        foreach (var trust in new[] { TlsTrust.Default, TlsTrust.Load(theirs, null, null, isInsecure: false) })
        {
            Assert.Contains("certificate", await FailureAsync(trust), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_certificate_of_ones_own_is_shown()
    {
        using var own = MakeCertificate("meter");
        var certificate = _folder.Write("own.pem", own.ExportCertificatePem());
        var key = _folder.Write("own.key", own.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        var shown = "";

        Assert.Null(await FailureAsync(TlsTrust.Load(_folder.Write("ca.pem", _authority.ExportCertificatePem()), certificate, key, isInsecure: false), seen => shown = seen));
        Assert.Equal("CN=meter", shown);
    }

    /// <summary>What asking for a token fails with; null if it does not.</summary>
    private async Task<string?> FailureAsync(TlsTrust trust, Action<string>? shown = null)
    {
        var stopping = TestContext.Current.CancellationToken;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var certificate = MakeCertificate("localhost");
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var serving = ServeAsync(listener, certificate, shown, ending.Token);
        var endpoint = new Uri($"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}");
        using var keystone = new KeystoneSession(ProjectListingTests.Options(endpoint) with { Trust = trust }, new ManualClock());
        try
        {
            await keystone.TokenAsync(stopping);
            return null;
        }
        catch (KeystoneException e)
        {
            return e.Message;
        }
        finally
        {
            await ending.CancelAsync();
            await serving;
        }
    }

    /// <summary>One connection after another; whoever comes through is given a token.</summary>
    private static async Task ServeAsync(TcpListener listener, X509Certificate2 certificate, Action<string>? shown, CancellationToken ending)
    {
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificate = certificate,
            ClientCertificateRequired = shown is not null,
            RemoteCertificateValidationCallback = (_, seen, _, _) =>
            {
                shown?.Invoke(seen?.Subject ?? "");
                return shown is null || seen is not null;
            },
        };
        while (!ending.IsCancellationRequested)
        {
            try
            {
                using var client = await listener.AcceptTcpClientAsync(ending);
                await using var tls = new SslStream(client.GetStream());
                await tls.AuthenticateAsServerAsync(options, ending);
                var buffer = new byte[8192];
                while (await tls.ReadAsync(buffer, ending) is var read and > 0)
                {
                    // The body is the end of the request.
                    if (buffer[read - 1] == '}')
                    {
                        await tls.WriteAsync(ProjectListingTests.Token.Bytes, ending);
                    }
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
            {
                // The client did not like the certificate, or the test is over.
            }
        }
    }

    private static X509Certificate2 MakeAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(130));
    }

    private X509Certificate2 MakeCertificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(_authority, _authority.NotBefore, _authority.NotAfter, [1, 2, 3, (byte)name.Length]);
        return certificate.CopyWithPrivateKey(key);
    }
}
