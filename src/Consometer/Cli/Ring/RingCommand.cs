using System.CommandLine;

namespace Consometer.Cli.Ring;

/// <summary>How the <c>ring</c> commands print.</summary>
internal enum RingFormat
{
    /// <summary>For people.</summary>
    Table,

    /// <summary>One document.</summary>
    Json,
}

/// <summary><c>consometer ring</c>: what a ring file says, offline but for the audit.</summary>
internal static class RingCommand
{
    public static Argument<string> File { get; } = new("FILE") { Description = "The ring: account.ring.gz, container.ring.gz, object.ring.gz." };

    public static Option<RingFormat> Format { get; } = new Option<RingFormat>("--format") { Description = "How to print it." }.OneOfNames();

    public static Command Make() => new("ring", "Inspect a ring file.")
    {
        InfoCommand.Make(),
        DevicesCommand.Make(),
        LookupCommand.Make(),
        PartitionCommand.Make(),
        VerifyCommand.Make(),
        DiffCommand.Make(),
        AuditCommand.Make(),
    };
}
