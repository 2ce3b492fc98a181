namespace Consometer.Swift.Keystone;

/// <summary>Where Keystone is, and as whom to ask it.</summary>
/// <param name="Endpoint">Its URL, with or without <c>/v3</c>.</param>
/// <param name="User">The user's name.</param>
/// <param name="Password">The user's password. Never printed.</param>
/// <param name="Project">Name of the project to scope to; null for <paramref name="SystemScope"/>.</param>
/// <param name="SystemScope">Scope to the system: with role <c>reader</c> there, enough to list projects.</param>
/// <param name="Domain">Id or name of the domain of the user and the project.</param>
public sealed record KeystoneOptions(Uri Endpoint, string User, string Password, string? Project, bool SystemScope, string Domain)
{
    /// <summary>The scope in words, for the operator.</summary>
    public string Scope => SystemScope ? "system all" : Project is null ? "no scope" : $"project {Project}";

    /// <summary>Without the password.</summary>
    public override string ToString() => $"user {User}, {Scope}, domain {Domain}";
}

/// <summary>Keystone did not answer, or refused. The program ends with exit code 5.</summary>
public sealed class KeystoneException : Exception
{
    public KeystoneException(string message)
        : base(message)
    {
    }

    public KeystoneException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
