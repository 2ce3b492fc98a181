using System.Security.Cryptography;
using Consometer.Metering.Samples;

namespace Consometer.Tests.Metering;

/// <summary>Ids of samples must be those of before, whoever hashes: against the base library's hash.</summary>
public sealed class Sha1Tests
{
    [Fact]
    public void Messages_of_every_length_have_the_base_library_s_hash()
    {
        var random = new Random(1);
        for (var length = 0; length < 300; length++)
        {
            var message = new byte[length];
            random.NextBytes(message);
            var digest = new byte[Sha1.DigestBytes];
            Sha1.Hash(message, digest);

            Assert.Equal(SHA1.HashData(message), digest);
        }
    }
}
