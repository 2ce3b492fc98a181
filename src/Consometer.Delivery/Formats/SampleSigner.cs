using System.Security.Cryptography;

namespace Consometer.Delivery.Formats;

/// <summary>
/// Makes a sample's <c>message_signature</c>: HMAC-SHA256 in lower-case hex, as <c>compute_signature</c> in
/// <c>ceilometer/publisher/utils.py</c> does. Not shared between threads.
/// </summary>
/// <param name="secret">Ceilometer's <c>telemetry_secret</c> in UTF-8. If it is empty nothing is signed, and signatures are empty.</param>
internal sealed class SampleSigner(byte[] secret) : IDisposable
{
    private readonly IncrementalHash? _hmac = secret.Length == 0 ? null : IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
    private readonly byte[] _hex = new byte[2 * HMACSHA256.HashSizeInBytes];

    public void Dispose() => _hmac?.Dispose();

    /// <summary>The signature of a text (<see cref="SignedText"/>). It is good until the next.</summary>
    public ReadOnlySpan<byte> Sign(ReadOnlySpan<byte> text)
    {
        if (_hmac is null)
        {
            return [];
        }

        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        _hmac.AppendData(text);
        _hmac.GetHashAndReset(hash);
        Convert.TryToHexStringLower(hash, _hex, out _);
        return _hex;
    }
}
