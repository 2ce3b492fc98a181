using System.CommandLine;

namespace Consometer.Cli.Ring;

/// <summary><c>consometer ring</c>: what a ring file says, offline.</summary>
internal static class RingCommand
{
    public static Argument<string> File { get; } = new("FILE") { Description = "The ring: account.ring.gz." };

    public static Command Make() => new("ring", "Inspect a ring file.") { InfoCommand.Make(), LookupCommand.Make() };
}
