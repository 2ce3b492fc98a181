using System.CommandLine;
using Consometer.Configuration;
using Consometer.Rings;

namespace Consometer.Cli.Ring;

/// <summary>Where the hash prefix and suffix come from: <c>swift.conf</c>, or the command line.</summary>
internal static class HashOptions
{
    public const string DefaultSwiftConf = "/etc/swift/swift.conf";

    private static readonly Option<string?> SwiftConfPath = new("--swift-conf") { Description = $"Where the hash prefix and suffix are; {DefaultSwiftConf} if nothing is said.", HelpName = "F" };
    private static readonly Option<string?> HashPrefix = new("--hash-prefix") { Description = "The hash prefix itself.", HelpName = "P" };
    private static readonly Option<string?> HashSuffix = new("--hash-suffix") { Description = "The hash suffix itself.", HelpName = "S" };

    public static void AddTo(Command command)
    {
        command.Add(SwiftConfPath);
        command.Add(HashPrefix);
        command.Add(HashSuffix);
    }

    /// <summary>The hash as the command line has it.</summary>
    /// <exception cref="ConfigurationException">Both a file and the values themselves.</exception>
    /// <exception cref="InputFileException">The file cannot be read, or has neither.</exception>
    public static HashPath Read(ParseResult parsed)
    {
        var file = parsed.GetValue(SwiftConfPath);
        var prefix = parsed.GetValue(HashPrefix);
        var suffix = parsed.GetValue(HashSuffix);
        if (prefix is null && suffix is null)
        {
            return SwiftConf.Load(file ?? DefaultSwiftConf).HashPath;
        }

        return file is null
            ? new HashPath(prefix ?? "", suffix ?? "")
            : throw new ConfigurationException("wanted --swift-conf, or --hash-prefix and --hash-suffix, found both");
    }
}
