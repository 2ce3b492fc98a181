using System.Text;
using System.Text.RegularExpressions;

namespace Consometer.Rings;

/// <summary>
/// What <c>swift.conf</c> says: the hash prefix and suffix (<c>swift/common/utils/__init__.py</c>, <c>validate_hash_conf</c>),
/// and the names of the storage policies. The file is Latin-1: the bytes in it are the bytes hashed.
/// </summary>
/// <param name="HashPath">The hash prefix and suffix.</param>
/// <param name="PolicyNames">The storage policies' names, spelt as in the file, in its order; none if it has no policies.</param>
public sealed partial record SwiftConf(HashPath HashPath, IReadOnlyList<string> PolicyNames)
{
    private const string HashSection = "swift-hash";
    private const string PrefixOption = "swift_hash_path_prefix";
    private const string SuffixOption = "swift_hash_path_suffix";
    private const string PolicySectionPrefix = "storage-policy:";

    /// <summary>Reads the file.</summary>
    /// <exception cref="InputFileException">
    /// The file cannot be read, Python's ConfigParser would refuse it, or it has neither a prefix nor a suffix.
    /// </exception>
    public static SwiftConf Load(string path)
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

    /// <summary>Reads the file's bytes.</summary>
    /// <exception cref="InputFileException">As <see cref="Load"/>.</exception>
    public static SwiftConf Parse(ReadOnlySpan<byte> file)
    {
        var conf = ConfigParser.Parse(Encoding.Latin1.GetString(file));
        var prefix = conf.Get(HashSection, PrefixOption) ?? "";
        var suffix = conf.Get(HashSection, SuffixOption) ?? "";
        if (prefix.Length == 0 && suffix.Length == 0)
        {
            throw new InputFileException($"wanted {PrefixOption} or {SuffixOption} in section [{HashSection}], found neither");
        }

        return new SwiftConf(new HashPath(Encoding.Latin1.GetBytes(prefix), Encoding.Latin1.GetBytes(suffix)), [.. Names(conf)]);
    }

    private static IEnumerable<string> Names(ConfigParser conf) => conf.Sections
        .Where(section => section.StartsWith(PolicySectionPrefix, StringComparison.Ordinal))
        .Select(section => NameOf(conf, section))
        .OfType<string>();

    /// <summary>
    /// A policy's name (<c>swift/common/storage_policy.py</c>, <c>parse_storage_policies</c>); null where it is none. Whoever
    /// needs only the hash is not kept from it by a policy that is wrong.
    /// </summary>
    private static string? NameOf(ConfigParser conf, string section)
    {
        try
        {
            return conf.Get(section, "name") is { } name && PolicyName().IsMatch(name) ? name : null;
        }
        catch (InputFileException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9-]+\z")]
    private static partial Regex PolicyName();
}
