using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Consometer.Swift;

/// <summary>Whom a client trusts over TLS, and who it says it is.</summary>
/// <param name="Roots">The authorities trusted instead of the system's; null for the system's.</param>
/// <param name="ClientCertificates">The client's certificate with its key; empty if it shows none.</param>
/// <param name="IsInsecure">Whether any certificate will do: only where the operator said so.</param>
public sealed record TlsTrust(X509Certificate2Collection? Roots, X509Certificate2Collection ClientCertificates, bool IsInsecure)
{
    /// <summary>Trusts the system's authorities, and shows no certificate.</summary>
    public static TlsTrust Default { get; } = new(Roots: null, [], IsInsecure: false);

    /// <summary>Reads PEM files.</summary>
    /// <param name="authorities">Certificates of authorities; null for the system's.</param>
    /// <param name="certificate">The client's certificate, its chain after it; null for none.</param>
    /// <param name="key">Its key; null if it is in the same file.</param>
    /// <param name="isInsecure">Whether any certificate of the server will do.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    /// <exception cref="CryptographicException">A file is not PEM, or the key is not the certificate's.</exception>
    public static TlsTrust Load(string? authorities, string? certificate, string? key, bool isInsecure)
    {
        X509Certificate2Collection? roots = null;
        if (authorities is not null)
        {
            roots = [];
            roots.ImportFromPemFile(authorities);
            if (roots.Count == 0)
            {
                throw new CryptographicException($"{authorities}: wanted certificates in PEM, found none");
            }
        }

        return new TlsTrust(roots, certificate is null ? [] : [X509Certificate2.CreateFromPemFile(certificate, key)], isInsecure);
    }

    /// <summary>Judges a server's certificate (a <see cref="RemoteCertificateValidationCallback"/>).</summary>
    public bool Accepts(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (IsInsecure || errors == SslPolicyErrors.None)
        {
            return true;
        }

        if (Roots is null || certificate is null || errors != SslPolicyErrors.RemoteCertificateChainErrors)
        {
            return false;
        }

        // What the server sent between its certificate and the root is in the chain that the system built.
        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.CustomTrustStore.AddRange(Roots);
        own.ChainPolicy.ExtraStore.AddRange(new X509Certificate2Collection(chain?.ChainElements.Select(element => element.Certificate).ToArray() ?? []));
        using var leaf = new X509Certificate2(certificate);
        return own.Build(leaf);
    }
}
