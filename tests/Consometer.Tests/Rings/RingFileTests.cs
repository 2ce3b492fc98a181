using Consometer.Rings;

namespace Consometer.Tests.Rings;

/// <summary>Files that cannot be read at all, and how every complaint names its file.</summary>
public sealed class RingFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ring-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_bad_ring_is_named_with_the_fault_in_it()
    {
        var path = Path.Combine(_folder, "account.ring.gz");
        File.WriteAllBytes(path, EditedRing.WithId("holes.v1", entry: 3, id: 500));
        var nameless = EditedRing.AssertRefused(File.ReadAllBytes(path));

        var refusal = Assert.Throws<RingFormatException>(() => RingFile.Load(path));

        Assert.Equal(nameless.Message.Replace("ring: ", $"ring {path}: ", StringComparison.Ordinal), refusal.Message);
        Assert.Equal((nameless.Offset, nameless.Wanted, nameless.Found), (refusal.Offset, refusal.Wanted, refusal.Found));
    }

    [Fact]
    public void A_ring_carries_its_path_and_the_md5_that_md5sum_gives()
    {
        var path = EditedRing.PathOf("single.v1");

        var file = RingFile.Load(path);

        Assert.Equal((path, "c1473bc6aacf898a437cfdf1ce532a7c"), (file.Path, file.Md5));
    }

    [Fact]
    public void A_ring_read_again_is_itself_until_its_bytes_are_others()
    {
        var path = Path.Combine(_folder, "account.ring.gz");
        var writtenAt = new DateTimeOffset(2026, 2, 28, 23, 59, 59, TimeSpan.Zero);
        File.WriteAllBytes(path, EditedRing.File("small.v1"));
        File.SetLastWriteTimeUtc(path, writtenAt.UtcDateTime);
        var file = RingFile.Load(path);
        Assert.Equal(writtenAt, file.WrittenAt);

        File.WriteAllBytes(path, EditedRing.File("small.v1"));
        Assert.Same(file, file.Reload());

        File.WriteAllBytes(path, EditedRing.File("small.v2"));
        File.SetLastWriteTimeUtc(path, writtenAt.UtcDateTime);
        var other = file.Reload();
        Assert.Equal((path, RingFile.Load(path).Md5, writtenAt, 2), (other.Path, other.Md5, other.WrittenAt, other.Table.Header.Format));

        File.Delete(path);
        Assert.Throws<InputFileException>(other.Reload);
    }

    [Theory]
    [InlineData("missing.ring.gz", "no such file")]
    [InlineData("missing/account.ring.gz", "no such file")]
    [InlineData("", "cannot be read")] // The folder itself.
    [InlineData("a-file/account.ring.gz", "")] // A file where a folder should be.
    [InlineData("a\0b", "cannot be read")]
    public void A_file_that_cannot_be_read_is_named(string name, string complaint)
    {
        File.WriteAllText(Path.Combine(_folder, "a-file"), "");
        var path = Path.Combine(_folder, name);

        var ring = Assert.Throws<InputFileException>(() => RingFile.Load(path));
        var conf = Assert.Throws<InputFileException>(() => SwiftConf.Load(path));

        Assert.StartsWith($"ring {path}: {complaint}", ring.Message, StringComparison.Ordinal);
        Assert.StartsWith($"swift.conf {path}: {complaint}", conf.Message, StringComparison.Ordinal);
    }

    /// <summary>One that opens and then fails, for root too, whom no mode keeps out; and for others one they may not open.</summary>
    [Fact]
    public void A_file_that_fails_to_open_or_to_read_is_named()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "files that cannot be read are made the Linux way");
        AssertUnreadable("/proc/self/mem");
        if (OperatingSystem.IsLinux() && !Environment.IsPrivilegedProcess)
        {
            var path = Path.Combine(_folder, "account.ring.gz");
            File.WriteAllBytes(path, EditedRing.File("single.v1"));
            File.SetUnixFileMode(path, UnixFileMode.None);
            AssertUnreadable(path);
        }
    }

    private static void AssertUnreadable(string path)
    {
        var refusal = Assert.Throws<InputFileException>(() => RingFile.Load(path));
        Assert.StartsWith($"ring {path}: cannot be read", refusal.Message, StringComparison.Ordinal);
    }
}
