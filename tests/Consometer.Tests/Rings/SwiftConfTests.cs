using System.Text;
using System.Text.Json;
using Consometer.Rings;

namespace Consometer.Tests.Rings;

/// <summary>swift.conf as Python's ConfigParser reads it, byte for byte.</summary>
public sealed class SwiftConfTests
{
    private const string Section = "[swift-hash]\n";
    private const string Suffix = "swift_hash_path_suffix";
    private const string Prefix = "swift_hash_path_prefix";

    /// <summary>771 files, odd ones by hand and random ones by seed, and what real Swift's <c>validate_hash_conf</c> made of each.</summary>
    [Fact]
    public void Every_file_is_read_as_Swift_reads_it()
    {
        var cases = JsonDocument.Parse(File.ReadAllText(Fixtures.Find("swiftconf", "cases.json"))).RootElement.EnumerateArray().ToArray();
        Assert.InRange(cases.Count(IsRefused), 100, cases.Length - 400);

        var wrong = cases.Where(one => Read(one.GetProperty("file").GetBytesFromBase64()) != Truth(one));

        Assert.Empty(wrong.Select(one => one.GetRawText()));
    }

    [Theory]
    [InlineData(Suffix + " = s\n" + Prefix + " = p\n", "p", "s")]
    [InlineData(Suffix + " = s\n", "", "s")] // One of the two will do.
    [InlineData(Prefix + " = p\n", "p", "")]
    [InlineData("SWIFT_Hash_Path_SUFFIX = s\n", "", "s")] // Keys are read in any case.
    [InlineData(Suffix + ":s\n", "", "s")]
    [InlineData(Suffix + " = a=b:c\n", "", "a=b:c")]
    [InlineData(Suffix + " = \u00a0\u0085\u001c\u001d\u001e\u001fs\u001f\u001e\u001d\u001c\u0085\u00a0\n", "", "s")] // Blanks to Python.
    [InlineData(Suffix + " = a\u00a0b\u001fc\n", "", "a\u00a0b\u001fc")]
    [InlineData(Suffix + " = 100%%\n", "", "100%")]
    [InlineData(Suffix + " = %(base)s-%(BASE)s\nBase = b\n", "", "b-b")]
    [InlineData(Suffix + " = abc ; x # y\n", "", "abc ; x # y")] // There are no remarks at the end of a line.
    [InlineData(Suffix + " = \"abc\"\n", "", "\"abc\"")]
    [InlineData(Suffix + " = a\n  b\n\tc\n", "", "a\nb\nc")]
    [InlineData(Suffix + " =\n  a\n", "", "\na")]
    [InlineData(Suffix + " = a\n\n# remark\n  b\n\n", "", "a\n\nb")]
    [InlineData(Suffix + " = s\n[DEFAULT]\n" + Suffix + " = no\n" + Prefix + " = p\n", "p", "s")]
    [InlineData(Suffix + " = s\nother = 100%\n", "", "s")] // What nobody reads may be wrong.
    public void A_value_is_what_ConfigParser_makes_of_it(string options, string prefix, string suffix)
    {
        var expected = new HashPath(Encoding.Latin1.GetBytes(prefix), Encoding.Latin1.GetBytes(suffix));

        foreach (var newline in new[] { "\n", "\r\n", "\r" })
        {
            var conf = (Section + options).Replace("\n", newline, StringComparison.Ordinal);
            Assert.Equal(expected.Hash("AUTH_test"), SwiftConf.Parse(Encoding.Latin1.GetBytes(conf)).HashPath.Hash("AUTH_test"));
        }
    }

    [Theory]
    [InlineData("", "found neither")]
    [InlineData(Section, "found neither")]
    [InlineData(Section + Suffix + " =\n" + Prefix + " = \u00a0\n", "found neither")]
    [InlineData("[Swift-Hash]\n" + Suffix + " = s\n", "found neither")] // Section names are case-sensitive.
    [InlineData("[DEFAULT]\n" + Suffix + " = s\n", "found neither")] // Only a section that exists has defaults.
    [InlineData(Section + Suffix + " = 100%\n", "lone %")]
    [InlineData(Section + Suffix + " = s\n" + Prefix + " = %(s\n", "lone %")]
    [InlineData(Section + Suffix + " = %(none)s\n", "an option none")]
    [InlineData(Section + Suffix + " = %(" + Suffix + ")s\n", "deep")]
    [InlineData(Section + Suffix + "\n", "line 2: wanted option = value")]
    [InlineData(Section + " = s\n", "line 2: wanted option = value")]
    [InlineData(Section + Suffix + " = s\n" + Suffix + " = s\n", "line 3: wanted each option once")]
    [InlineData(Section + Suffix + " = s\n" + Section, "line 3: wanted each section once")]
    [InlineData("\n" + Suffix + " = s\n" + Section, "line 2: wanted a section header")]
    public void What_Swift_would_not_start_with_is_refused(string conf, string complaint)
    {
        var bytes = Encoding.Latin1.GetBytes(conf);
        var refusal = Assert.Throws<InputFileException>(() => SwiftConf.Parse(bytes));

        Assert.Contains(complaint, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("wanted", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("found", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>Servers say gold in a header as Gold, so the name's own spelling is to be had from here alone.</summary>
    [Theory]
    [InlineData("", "")]
    [InlineData("[storage-policy:0]\nname = gold\n[storage-policy:1]\nNAME: Erasure-CODED-4-2\naliases = ec, cold\n", "gold,Erasure-CODED-4-2")]
    [InlineData("[DEFAULT]\nkind = gold\n[storage-policy:7]\nname = %(kind)s-3x\n", "gold-3x")]
    [InlineData("[storage-policy:0]\ndefault = yes\n[storage-policy:1]\nname = silver\n", "silver")] // Without a name.
    [InlineData("[storage-policy:0]\nname = a b\n[storage-policy:1]\nname = 100%\n[storage-policy:2]\nname = b\u00fcro\n", "")] // No names.
    [InlineData("[Storage-Policy:0]\nname = gold\n[storage-policies]\nname = silver\n", "")] // No policies.
    public void The_policies_have_the_names_they_are_given_there(string policies, string names) =>
        Assert.Equal(names, string.Join(',', SwiftConf.Parse(Encoding.Latin1.GetBytes($"{Section}{Suffix} = s\n{policies}")).PolicyNames));

    [Fact]
    public void A_bad_file_is_named_and_a_good_one_is_loaded()
    {
        var path = Path.GetTempFileName();
        try
        {
            var refusal = Assert.Throws<InputFileException>(() => SwiftConf.Load(path));
            Assert.StartsWith($"swift.conf {path}: wanted", refusal.Message, StringComparison.Ordinal);

            File.WriteAllText(path, $"{Section}{Suffix} = endcap\n");
            Assert.Equal("c6b2b6e24309ba1ac6c52a19c1b34272", SwiftConf.Load(path).HashPath.Hash("AUTH_test").ToString());
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>The secret that places every account has no business in a log.</summary>
    [Theory]
    [InlineData(Section + Suffix + " = hunter2%\n")]
    [InlineData(Section + Suffix + " = hunter2\n" + Suffix + " = hunter2\n")]
    [InlineData(Section + Suffix + " hunter2\n")]
    [InlineData(Suffix + " = hunter2\n")]
    public void A_refusal_does_not_tell_the_secret(string conf)
    {
        var bytes = Encoding.Latin1.GetBytes(conf);
        Assert.DoesNotContain("hunter2", Assert.Throws<InputFileException>(() => SwiftConf.Parse(bytes)).ToString(), StringComparison.Ordinal);
    }

    private static bool IsRefused(JsonElement one) => one.TryGetProperty("refused", out _);

    private static string Truth(JsonElement one) => IsRefused(one) ? "refused" : one.GetProperty("hash").GetString()!;

    private static string Read(byte[] conf)
    {
        try
        {
            return SwiftConf.Parse(conf).HashPath.Hash("AUTH_test").ToString();
        }
        catch (InputFileException)
        {
            return "refused";
        }
    }
}
