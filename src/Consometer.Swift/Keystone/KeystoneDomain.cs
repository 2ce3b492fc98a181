namespace Consometer.Swift.Keystone;

/// <summary>How a domain is named to Keystone.</summary>
public abstract record KeystoneDomain
{
    private KeystoneDomain()
    {
    }

    public sealed record ById(string Id) : KeystoneDomain
    {
        public override string ToString() => Id;
    }

    public sealed record ByName(string Name) : KeystoneDomain
    {
        public override string ToString() => Name;
    }

    /// <summary>An id or a name, and nothing tells which (<c>swift_conso_domain</c>): Keystone is asked for both.</summary>
    public sealed record ByEither(string IdOrName) : KeystoneDomain
    {
        public override string ToString() => IdOrName;
    }
}
