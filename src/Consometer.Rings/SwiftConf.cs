using System.Text;

namespace Consometer.Rings;

/// <summary>
/// <c>swift.conf</c>, for the hash prefix and suffix in it (<c>swift/common/utils/__init__.py</c>,
/// <c>validate_hash_conf</c>). The file is Latin-1: the bytes in it are the bytes hashed.
/// </summary>
public static class SwiftConf
{
    private const string Section = "swift-hash";
    private const string PrefixOption = "swift_hash_path_prefix";
    private const string SuffixOption = "swift_hash_path_suffix";

    /// <summary>Reads the hash prefix and suffix.</summary>
    /// <exception cref="InputFileException">
    /// The file cannot be read, Python's ConfigParser would refuse it, or it has neither a prefix nor a suffix.
    /// </exception>
    public static HashPath Load(string path)
    {
        var bytes = InputFileException.ReadAllBytes(path, "swift.conf");
        try
        {
            return Parse(bytes);
        }
        catch (InputFileException e)
        {
            throw new InputFileException($"swift.conf {path}: {e.Message}", e);
        }
    }

    /// <summary>Reads the hash prefix and suffix from the file's bytes.</summary>
    /// <exception cref="InputFileException">As <see cref="Load"/>.</exception>
    public static HashPath Parse(ReadOnlySpan<byte> file)
    {
        var conf = ConfigParser.Parse(Encoding.Latin1.GetString(file));
        var prefix = conf.Get(Section, PrefixOption) ?? "";
        var suffix = conf.Get(Section, SuffixOption) ?? "";
        if (prefix.Length == 0 && suffix.Length == 0)
        {
            throw new InputFileException($"wanted {PrefixOption} or {SuffixOption} in section [{Section}], found neither");
        }

        return new HashPath(Encoding.Latin1.GetBytes(prefix), Encoding.Latin1.GetBytes(suffix));
    }
}
