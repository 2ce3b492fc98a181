using System.Globalization;
using Consometer.Configuration;
using Consometer.Daemon;
using Consometer.Rings;
using Consometer.Swift.Keystone;

namespace Consometer.Checks;

/// <summary>Whether the projects can be listed, to the last: Keystone may refuse a token, or cut the list short.</summary>
internal static class ProjectCheck
{
    public const string Name = "projects";

    public static async Task<Checked<IReadOnlyCollection<string>>> RunAsync(ConsometerOptions options, KeystoneSession? keystone, CancellationToken stopping)
    {
        var source = options.Projects.FilePath ?? $"Keystone {options.Keystone!.Endpoint}";
        try
        {
            var projects = await ProjectList.ReadAsync(options.Projects, keystone, stopping);
            return projects.Count > 0
                ? new Checked<IReadOnlyCollection<string>>(projects, CheckResult.Ok(Name, source, string.Create(CultureInfo.InvariantCulture, $"{projects.Count} projects")))
                : Fail(source, "no project", "a role on the whole system, or other projects.domains", ExitCode.InputFile);
        }
        catch (KeystoneException e)
        {
            return Fail(source, e.Message, "role reader on system all, with system_scope: all; or role admin in the project", ExitCode.Service);
        }
        catch (InputFileException e)
        {
            return Fail(source, e.Message, "projects.file: a project's id on each line", ExitCode.InputFile);
        }
    }

    private static Checked<IReadOnlyCollection<string>> Fail(string source, string found, string remedy, int exitCode) =>
        new(null, CheckResult.Fail(Name, source, found, remedy, exitCode));
}
