namespace Consometer.Scenarios.Running;

/// <summary>What a program that has ended left behind.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">All of its standard output.</param>
/// <param name="Errors">All of its standard error.</param>
internal sealed record ProgramRun(int ExitCode, string Output, string Errors)
{
    /// <summary>The exit code of the lab's scripts where they can't run: of no fault of theirs.</summary>
    public const int CannotRunHere = 77;

    public string[] OutputLines => Lines(Output);

    public string[] ErrorLines => Lines(Errors);

    /// <summary>This run, if it ended well.</summary>
    /// <exception cref="InvalidOperationException">It did not; the message has what it said.</exception>
    public ProgramRun Succeeded() =>
        ExitCode == 0 ? this : throw new InvalidOperationException($"wanted exit code 0, found {ExitCode}: {Errors}");

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
