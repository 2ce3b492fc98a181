using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Consometer.Rings;

namespace Consometer.Tests.Rings;

/// <summary>Hashes and partitions against those that Swift's own <c>hash_path</c> and <c>Ring.get_part</c> gave.</summary>
public sealed class HashPathTests
{
    [Theory]
    [InlineData("", "endcap", "AUTH_test", "c6b2b6e24309ba1ac6c52a19c1b34272", 198, 794, 203466, 3333600994)]
    [InlineData("startcap", "", "AUTH_test", "78ad2d105f17a73019e7f81887ad47a1", 120, 482, 123572, 2024615184)]
    [InlineData("lab-prefix", "lab-suffix", "AUTH_test", "0e99050505f9d44b804fbd123222104f", 14, 58, 14948, 244909317)]
    [InlineData("lab-prefix", "lab-suffix", "AUTH_büro 漢", "9560d2201a49bf4bd7427b441db2d9fc", 149, 597, 152963, 2506150432)]
    [InlineData("p", "s", "\0acct", "159f82f2ab2cf82c5df52f00431ba4af", 21, 86, 22142, 362775282)]
    public void An_account_has_the_hash_and_the_partitions_Swift_gives_it(
        string prefix, string suffix, string account, string md5, uint part8, uint part10, uint part18, uint part32)
    {
        var hash = new HashPath(prefix, suffix).Hash(account);

        Assert.Equal(md5, hash.ToString());
        Assert.Equal(0u, hash.Partition(0));
        Assert.Equal((part8, part10, part18, part32), (hash.Partition(8), hash.Partition(10), hash.Partition(18), hash.Partition(32)));
    }

    [Theory]
    [InlineData("E978", "73FF", "e19f535aab4ad37c0c92a0cbee299f42", 225, 902, 231037, 3785315162)]
    [InlineData("C3A978", "73", "a33cb1b31f8ebfaba804f1a713252187", 163, 652, 167154, 2738663859)]
    public void The_bytes_of_swift_conf_are_the_bytes_hashed(
        string prefixHex, string suffixHex, string md5, uint part8, uint part10, uint part18, uint part32)
    {
        byte[] prefix = Convert.FromHexString(prefixHex), suffix = Convert.FromHexString(suffixHex);
        byte[] conf = [.. "[swift-hash]\nswift_hash_path_prefix = "u8, .. prefix, .. "\nswift_hash_path_suffix = "u8, .. suffix, .. "\n"u8];

        foreach (var hashPath in new[] { SwiftConf.Parse(conf).HashPath, new HashPath(prefix, suffix) })
        {
            var hash = hashPath.Hash("AUTH_test");

            Assert.Equal(md5, hash.ToString());
            Assert.Equal((part8, part10, part18, part32), (hash.Partition(8), hash.Partition(10), hash.Partition(18), hash.Partition(32)));
        }
    }

    [Theory]
    [InlineData("AUTH_test", "photos", null, "bd87c177585241ab9db7f65f5e0564cc")]
    [InlineData("AUTH_test", "photos", "2024/a b.jpg", "08760b3dcd58aafce06df1eb02eb8deb")]
    [InlineData("AUTH_büro 漢", "ñ", "😀/x", "2a207853112f58a1f2af18d91b2a3588")]
    public void Containers_and_objects_have_the_hash_Swift_gives_them(string account, string container, string? @object, string md5)
    {
        Assert.Equal(md5, new HashPath("lab-prefix", "lab-suffix").Hash(account, container, @object).ToString());
    }

    [Fact]
    public void The_longest_names_and_a_long_prefix_are_hashed_whole()
    {
        var longest = new HashPath("lab-prefix", "lab-suffix").Hash("AUTH_" + new string('ü', 251), new string('c', 256), new string('漢', 341));
        var longConf = new HashPath(new string('p', 600), new string('s', 600)).Hash("AUTH_test");

        Assert.Equal("1642e902a939aa02f1ccf799e22893cc", longest.ToString());
        Assert.Equal("3282ff8ef434a72f614bfd6be8170ba7", longConf.ToString());
    }

    /// <summary>One MD5 over Swift's hashes of 701 accounts, each a byte longer: no length takes a wrong turn at the end of a buffer.</summary>
    [Fact]
    public void Accounts_of_every_length_have_the_hash_Swift_gives_them()
    {
        var hashPath = new HashPath("lab-prefix", "lab-suffix");
        var hashes = string.Concat(Enumerable.Range(0, 701).Select(length => hashPath.Hash(new string('a', length) + "ü漢😀")));

        Assert.Equal("6b872f9a527337085be9130cba6597ef", Convert.ToHexStringLower(MD5.HashData(Encoding.ASCII.GetBytes(hashes))));
    }

    [Fact]
    public void An_object_without_a_container_is_refused()
    {
        Assert.Throws<ArgumentException>("container", () => new HashPath("p", "s").Hash("AUTH_test", null, "o"));
    }

    [Theory]
    [InlineData("d800")]
    [InlineData("dc00")]
    [InlineData("de00d83d")] // A pair the wrong way round.
    public void Half_a_character_is_refused(string utf16)
    {
        var half = string.Concat(utf16.Chunk(4).Select(unit => (char)ushort.Parse(unit, NumberStyles.HexNumber, CultureInfo.InvariantCulture)));
        var hashPath = new HashPath("p", "s");

        foreach (var name in new[] { half, "AUTH_" + half, half + new string('a', 600) })
        {
            Assert.ThrowsAny<ArgumentException>(() => hashPath.Hash(name));
            Assert.ThrowsAny<ArgumentException>(() => hashPath.Hash("a", name));
            Assert.ThrowsAny<ArgumentException>(() => hashPath.Hash("a", "c", name));
        }
    }
}
