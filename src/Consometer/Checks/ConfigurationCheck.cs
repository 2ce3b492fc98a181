using Consometer.Configuration;

namespace Consometer.Checks;

/// <summary>Whether there is a configuration, and nothing wrong in it.</summary>
internal static class ConfigurationCheck
{
    public const string Name = "configuration";

    public static Checked<ConsometerOptions> Run(string path, Func<ConsometerOptions> load)
    {
        try
        {
            var options = load();
            return new Checked<ConsometerOptions>(
                options,
                [
                    CheckResult.Ok(Name, path, $"region {options.Region}, {What(options)}"),
                    .. options.WithoutEffect.Select(key => CheckResult.Warn(Name, path, $"{key} has no effect in this version", $"remove {key}, or leave it for a later version")),
                ]);
        }
        catch (ConfigurationException e)
        {
            return new Checked<ConsometerOptions>(
                null, [.. e.Faults.Select(fault => CheckResult.Fail(Name, path, fault, "README, \"Configuration\", has every key", ExitCode.Configuration))]);
        }
    }

    private static string What(ConsometerOptions options) => string.Join(
        ", ",
        new[]
        {
            options.HasRounds ? $"a round every {Duration.Show(options.Period)}{(options.Sharing is null ? "" : ", shared with other daemons")}" : null,
            options.Requests is { } requests ? $"requests every {Duration.Show(requests.Interval)}" : null,
        }.OfType<string>());
}
