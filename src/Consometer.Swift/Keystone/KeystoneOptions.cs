namespace Consometer.Swift.Keystone;

/// <summary>Where Keystone is, as whom to ask it, and what endpoint of Swift's is wanted from it.</summary>
/// <param name="Endpoint">Its URL, with or without <c>/v3</c>.</param>
/// <param name="Credentials">Who asks.</param>
/// <param name="Scope">What the token is to be good for.</param>
public sealed record KeystoneOptions(Uri Endpoint, KeystoneCredentials Credentials, KeystoneScope Scope)
{
    /// <summary>Whom to trust over TLS.</summary>
    public TlsTrust Trust { get; init; } = TlsTrust.Default;

    public ObjectStoreOptions ObjectStore { get; init; } = new(Region: null, "public", Override: null);

    /// <summary>Who and for what, for the operator; without secrets.</summary>
    public override string ToString() => $"{Credentials}, {Scope}";
}

/// <summary>Which of the object store's endpoints is wanted.</summary>
/// <param name="Region">Its region; null if there is but one.</param>
/// <param name="Interface"><c>public</c>, <c>internal</c> or <c>admin</c>.</param>
/// <param name="Override">The endpoint, whatever Keystone says; null to ask it.</param>
public sealed record ObjectStoreOptions(string? Region, string Interface, Uri? Override)
{
    /// <summary>The interface to take where there is no endpoint of the wanted one; null for none.</summary>
    public string? OtherInterface { get; init; }
}
