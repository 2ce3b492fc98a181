using System.Globalization;
using Consometer.Cli;
using Consometer.Configuration;
using Consometer.Tests.Configuration;

namespace Consometer.Tests.Packages;

/// <summary>The systemd unit against the program.</summary>
public sealed class SystemdUnitTests
{
    private static readonly ILookup<string, string> Service = File.ReadLines(Repository.Find("etc", "systemd", "consometer.service"))
        .SkipWhile(line => line != "[Service]").TakeWhile(line => line != "[Install]")
        .Where(line => !line.StartsWith('#') && line.Contains('=', StringComparison.Ordinal))
        .Select(line => line.Split('=', 2)).ToLookup(pair => pair[0], pair => pair[1]);

    [Fact]
    public void The_program_takes_the_arguments_it_is_started_with()
    {
        var command = Only("ExecStart").Split(' ');
        var parsed = ConsometerCommand.Make().Parse(command[1..]);

        Assert.Empty(parsed.Errors);
        Assert.Equal("run", parsed.CommandResult.Command.Name);
        Assert.Equal(ConfigurationFile.DefaultFolder.TrimEnd('/'), ConfigurationOption.PathOf(parsed));
        Assert.Contains($"{command[0]} ", File.ReadAllText(Repository.Find("README.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_reloaded_by_the_signal_and_ended_in_the_time_that_the_program_needs()
    {
        Assert.Equal("/bin/kill -HUP $MAINPID", Only("ExecReload"));
        Assert.True(int.Parse(Only("TimeoutStopSec").TrimEnd('s'), CultureInfo.InvariantCulture) > 10);
    }

    [Fact]
    public void Only_what_a_restart_cannot_mend_ends_it_for_good()
    {
        Assert.Equal("on-failure", Only("Restart"));
        Assert.Equal($"{ExitCode.Configuration}", Only("RestartPreventExitStatus"));
    }

    [Fact]
    public void It_may_write_the_store_and_nothing_else()
    {
        var store = ConfigurationText.Load(ConfigurationText.Least).StorePath;

        Assert.Equal(Path.GetDirectoryName(store), $"/var/lib/{Only("StateDirectory")}");
        Assert.Equal("strict", Only("ProtectSystem"));
        Assert.Empty(Service["ReadWritePaths"]);
        Assert.NotEqual("root", Only("User"));
    }

    /// <summary>.NET compiles as it runs, and tells this host's addresses by netlink.</summary>
    [Fact]
    public void It_leaves_the_program_what_it_needs()
    {
        Assert.Empty(Service["MemoryDenyWriteExecute"]);
        Assert.Contains("AF_NETLINK", Only("RestrictAddressFamilies").Split(' '));
    }

    private static string Only(string key) => Assert.Single(Service[key]);
}
