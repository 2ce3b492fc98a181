namespace Consometer.Swift.Keystone;

/// <summary>A token, until it ends.</summary>
/// <param name="Value">What <c>X-Auth-Token</c> carries.</param>
/// <param name="Expires">When it ends, by Keystone's clock.</param>
/// <param name="ObjectStores">The object store's endpoints in the token's catalog: none for many a scope.</param>
public sealed record KeystoneToken(Secret Value, DateTimeOffset Expires, IReadOnlyList<ObjectStoreEndpoint> ObjectStores)
{
    public TokenGrant Grant { get; init; } = new("no scope", IsSystem: false, []);
}

/// <summary>What a token is good for, as Keystone says, whatever was asked for.</summary>
/// <param name="Scope">In words.</param>
/// <param name="IsSystem">Whether that is the whole system.</param>
/// <param name="Roles">Names of the user's roles there, with those that they imply.</param>
public sealed record TokenGrant(string Scope, bool IsSystem, IReadOnlyList<string> Roles);

/// <summary>An endpoint of a service of type <c>object-store</c>.</summary>
/// <param name="Interface"><c>public</c>, <c>internal</c> or <c>admin</c>.</param>
/// <param name="Region">Its region; empty if it has none.</param>
/// <param name="Url">As Keystone has it: a template where it comes from the list of endpoints.</param>
public sealed record ObjectStoreEndpoint(string Interface, string Region, string Url);
