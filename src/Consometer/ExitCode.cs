namespace Consometer;

/// <summary>What the program tells whoever started it. Operators' scripts rely on the numbers.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>A defect of the program.</summary>
    public const int Defect = 1;

    /// <summary>The command line or the configuration is wrong.</summary>
    public const int Configuration = 2;

    /// <summary>An input file (ring, swift.conf, accounts) cannot be read or is wrong, or a server has another.</summary>
    public const int InputFile = 3;

    /// <summary>The round ended with unknown accounts.</summary>
    public const int UnknownAccounts = 4;

    /// <summary>A service that is needed did not answer or refused.</summary>
    public const int Service = 5;

    /// <summary>Ctrl+C or SIGTERM before the command was done, as shells have it. The daemon is done then.</summary>
    public const int Interrupted = 130;
}
