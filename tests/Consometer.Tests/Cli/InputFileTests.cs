namespace Consometer.Tests.Cli;

/// <summary>Ring, swift.conf and accounts that cannot be read or are wrong: exit code 3, and a line that names the file.</summary>
public sealed class InputFileTests : IDisposable
{
    private static readonly string SmallRing = Fixtures.Find("rings", "small.v1.ring.gz");

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string> Rings() => new()
    {
        { "missing", "no such file" },
        { "folder", "cannot be read" },
        { "empty", "an empty file" },
        { "truncated", "truncated" },
        { "text", "gzip" },
        { "pickle", "pickle" },
        { "damaged", "undamaged gzip" },
    };

    [Theory]
    [MemberData(nameof(Rings))]
    public async Task A_ring_that_is_none_is_told_in_one_line(string kind, string found)
    {
        var ring = MakeRing(kind);
        foreach (var arguments in new string[][] { ["ring", "info", ring], ["ring", "lookup", ring, "AUTH_a", "--hash-prefix", "p"] })
        {
            var run = await ConsometerProgram.RunAsync(arguments);
            ConsometerProgram.AssertRefused(run, ExitCode.InputFile, found);
            Assert.Contains(ring, run.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(null, "no such file")]
    [InlineData("[swift-hash]\n", "found neither")]
    [InlineData("[swift-hash]\nswift_hash_path_prefix =\n", "found neither")]
    [InlineData("[other]\nswift_hash_path_prefix = p\n", "found neither")]
    [InlineData("[swift-hash]\nswift_hash_path_prefix = 50%\n", "%")]
    [InlineData("swift_hash_path_prefix = p\n", "swift.conf")]
    public async Task A_swift_conf_without_prefix_and_suffix_is_told_in_one_line(string? text, string found)
    {
        var conf = text is null ? _folder.Find("none") : _folder.Write("swift.conf", text);

        var run = await ConsometerProgram.RunAsync("ring", "lookup", SmallRing, "AUTH_a", "--swift-conf", conf);

        ConsometerProgram.AssertRefused(run, ExitCode.InputFile, found);
        Assert.Contains(conf, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accounts_that_are_not_UTF8_are_told_in_one_line()
    {
        var run = await ConsometerProgram.RunWithInputAsync([0x41, 0x0a, 0xff, 0xfe, 0x0a], "ring", "lookup", SmallRing, "-", "--hash-prefix", "p", "--format", "tsv");

        Assert.Equal(ExitCode.InputFile, run.ExitCode);
        Assert.Contains("UTF-8", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private string MakeRing(string kind)
    {
        var sound = File.ReadAllBytes(SmallRing);
        switch (kind)
        {
            case "missing":
                return _folder.Find("none.ring.gz");
            case "folder":
                return _folder.Path;
            case "empty":
                return _folder.Write("ring", []);
            case "truncated":
                return _folder.Write("ring", sound[..^100]);
            case "text":
                return _folder.Write("ring", "R1NG\n");
            case "pickle":
                return Fixtures.Find("rings", "pickle.v0.ring.gz");
            default:
                // The CRC, which only a reader that goes to the end compares.
                sound[^8] ^= 1;
                return _folder.Write("ring", sound);
        }
    }
}
