using Consometer.Configuration;
using Consometer.Rings;

namespace Consometer.Checks;

/// <summary>Whether swift.conf can be read. What the hash prefix and suffix are is told to nobody: who knows them can aim at disks.</summary>
internal static class SwiftConfCheck
{
    public const string Name = "swift.conf";

    public static Checked<SwiftConf> Run(ConsometerOptions options)
    {
        var path = options.Swift.ConfPath;
        try
        {
            var conf = SwiftConf.Load(path);
            return new Checked<SwiftConf>(conf, CheckResult.Ok(Name, path, "a hash prefix or suffix"));
        }
        catch (InputFileException e)
        {
            return new Checked<SwiftConf>(null, CheckResult.Fail(Name, path, e.Message, "copy it from a storage node, and let this user read it", ExitCode.InputFile));
        }
    }
}
