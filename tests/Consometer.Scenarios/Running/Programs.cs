namespace Consometer.Scenarios.Running;

/// <summary>The programs that scenarios and benchmarks run.</summary>
internal static class Programs
{
    /// <summary>Generous: a round over the lab takes seconds, and the machine may be busy.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    /// <summary>The first <c>up</c> on a machine installs packages.</summary>
    private static readonly TimeSpan LabDeadline = TimeSpan.FromMinutes(15);

    /// <summary>The program under test, from start to end.</summary>
    public static Task<ProgramRun> ConsometerAsync(
        IEnumerable<string> arguments, string? input = null, IReadOnlyDictionary<string, string>? environment = null) =>
        RunAsync(RunningProgram.Start(Repository.Program, arguments, input, environment), Deadline);

    /// <summary>A script of the lab.</summary>
    public static Task<ProgramRun> LabAsync(string script, params string[] arguments) =>
        RunAsync(RunningProgram.Start(Repository.LabScript(script), arguments), LabDeadline);

    /// <summary>Any other program.</summary>
    /// <param name="file">Its file, or its name on PATH.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="input">Its standard input; empty if null.</param>
    /// <param name="environment">Variables over those of this process.</param>
    /// <param name="deadline">When it is to have ended; <see cref="Deadline"/> if null.</param>
    public static Task<ProgramRun> OtherAsync(
        string file, IEnumerable<string> arguments, string? input = null, IReadOnlyDictionary<string, string>? environment = null, TimeSpan? deadline = null) =>
        RunAsync(RunningProgram.Start(file, arguments, input, environment), deadline ?? Deadline);

    private static async Task<ProgramRun> RunAsync(RunningProgram program, TimeSpan deadline)
    {
        await using (program)
        {
            return await program.WaitAsync(deadline);
        }
    }
}
