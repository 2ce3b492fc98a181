namespace Consometer.Simulation;

/// <summary>What a token is good for.</summary>
internal abstract record TokenScope
{
    private TokenScope()
    {
    }

    public sealed record None : TokenScope;

    public sealed record System : TokenScope;

    public sealed record Project(SimulatedAccount Of) : TokenScope;
}

/// <summary>A user of the simulated Keystone, of domain <c>default</c>.</summary>
/// <param name="Id">32 hexadecimal digits.</param>
/// <param name="Name">The name to log in with.</param>
/// <param name="Password">The password to log in with.</param>
/// <param name="SystemRole">The role on <c>system: all</c>, if any.</param>
/// <param name="ProjectRole">The role on the project <c>service</c>, if any.</param>
internal sealed record KeystoneUser(string Id, string Name, string Password, string? SystemRole, string? ProjectRole)
{
    /// <summary>The role in a scope; null if the user has none there and gets no token.</summary>
    public string? RoleIn(TokenScope scope) => scope switch
    {
        TokenScope.System => SystemRole,
        TokenScope.Project { Of.ProjectName: AccountDraw.ServiceProject } => ProjectRole,
        _ => null,
    };
}

/// <summary>What a user made in a project for a program to log in with: as the user, with the user's role there, and nowhere else.</summary>
/// <param name="Id">32 hexadecimal digits.</param>
/// <param name="Name">The one of its user's that is called so.</param>
/// <param name="Secret">What it is worth.</param>
/// <param name="User">Whose it is.</param>
/// <param name="Project">Where it is good.</param>
internal sealed record KeystoneApplicationCredential(string Id, string Name, string Secret, KeystoneUser User, SimulatedAccount Project);

/// <summary>A token that was issued.</summary>
/// <param name="Value">What <c>X-Auth-Token</c> must carry.</param>
/// <param name="User">Whom it was given to.</param>
/// <param name="Scope">What it is good for.</param>
/// <param name="Method">What it was given for: <c>password</c>, <c>application_credential</c>, <c>token</c>.</param>
/// <param name="Issued">When, to the second.</param>
/// <param name="Expires">The first moment it is no longer good.</param>
internal sealed record KeystoneToken(string Value, KeystoneUser User, TokenScope Scope, string Method, DateTimeOffset Issued, DateTimeOffset Expires)
{
    /// <summary>
    /// Keystone's rule <c>identity:list_projects</c>: admin anywhere, or reader on the system. A domain's reader is not simulated.
    /// </summary>
    public bool MayListProjects => User.RoleIn(Scope) is "admin" || (Scope is TokenScope.System && User.SystemRole is "reader");
}
