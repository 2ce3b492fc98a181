namespace Consometer.Checks;

/// <summary>What a check came to.</summary>
internal enum Verdict
{
    Ok,

    /// <summary>Metering works, and something should be looked at.</summary>
    Warn,

    Fail,

    /// <summary>Not done, since a check that it needs failed.</summary>
    Skipped,
}

/// <summary>A line of what was checked.</summary>
/// <param name="Check">Which check it is of.</param>
/// <param name="Verdict">What it came to.</param>
/// <param name="LookedAt">A file, a server, a service.</param>
/// <param name="Found">What was found there.</param>
/// <param name="Remedy">What to do about it; null where there is nothing to do.</param>
/// <param name="ExitCode">What the program ends with if nothing worse is found.</param>
internal sealed record CheckResult(string Check, Verdict Verdict, string LookedAt, string Found, string? Remedy, int ExitCode)
{
    public static CheckResult Ok(string check, string lookedAt, string found) => new(check, Verdict.Ok, lookedAt, found, null, Consometer.ExitCode.Done);

    public static CheckResult Warn(string check, string lookedAt, string found, string remedy) => new(check, Verdict.Warn, lookedAt, found, remedy, Consometer.ExitCode.Done);

    public static CheckResult Fail(string check, string lookedAt, string found, string remedy, int exitCode) => new(check, Verdict.Fail, lookedAt, found, remedy, exitCode);

    /// <param name="check">The check that is not done.</param>
    /// <param name="needed">What it needs.</param>
    public static CheckResult Skipped(string check, string needed) => new(check, Verdict.Skipped, "", $"needs {needed}", null, Consometer.ExitCode.Done);
}

/// <summary>What a check found, and what later checks need of it.</summary>
/// <param name="Value">Null if the check failed.</param>
/// <param name="Results">At least one line.</param>
internal sealed record Checked<T>(T? Value, params IReadOnlyList<CheckResult> Results)
    where T : class;
