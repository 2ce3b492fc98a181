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
            Sha1.Start.Digest(message, digest);

            Assert.Equal(SHA1.HashData(message), digest);
        }
    }

    [Fact]
    public void A_message_in_two_parts_has_the_hash_of_the_whole_wherever_it_is_parted()
    {
        var message = new byte[300];
        new Random(2).NextBytes(message);
        for (var length = 0; length <= message.Length; length++)
        {
            var beginning = Sha1.Start.Take(message.AsSpan(0, length), out var rest);
            var digest = new byte[Sha1.DigestBytes];
            beginning.Digest([.. rest, .. message.AsSpan(length)], digest);

            Assert.Equal(SHA1.HashData(message), digest);
        }
    }
}
