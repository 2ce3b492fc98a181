namespace Consometer.Swift.Keystone;

/// <summary>A user as Keystone is told of one.</summary>
public abstract record KeystoneUser
{
    private KeystoneUser()
    {
    }

    public sealed record ById(string Id) : KeystoneUser
    {
        public override string ToString() => $"user {Id}";
    }

    public sealed record ByName(string Name, KeystoneDomain Domain) : KeystoneUser
    {
        public override string ToString() => $"user {Name} of domain {Domain}";
    }
}

/// <summary>Which application credential: its id says all, its name is one among its user's.</summary>
public abstract record ApplicationCredentialName
{
    private ApplicationCredentialName()
    {
    }

    public sealed record ById(string Id) : ApplicationCredentialName
    {
        public override string ToString() => Id;
    }

    public sealed record ByName(string Name, KeystoneUser User) : ApplicationCredentialName
    {
        public override string ToString() => $"{Name} of {User}";
    }
}

/// <summary>What a token is got for. In words it has no secret.</summary>
public abstract record KeystoneCredentials
{
    private KeystoneCredentials()
    {
    }

    /// <summary>What must not be printed.</summary>
    internal abstract Secret Secret { get; }

    public sealed record Password(KeystoneUser User, Secret Text) : KeystoneCredentials
    {
        internal override Secret Secret => Text;

        public override string ToString() => User.ToString();
    }

    /// <summary>Always of one project: Keystone refuses every scope beside it.</summary>
    public sealed record ApplicationCredential(ApplicationCredentialName Name, Secret Key) : KeystoneCredentials
    {
        internal override Secret Secret => Key;

        public override string ToString() => $"application credential {Name}";
    }

    /// <summary>A token from elsewhere. It ends when it ends: nothing renews it.</summary>
    public sealed record Token(Secret Value) : KeystoneCredentials
    {
        internal override Secret Secret => Value;

        public override string ToString() => "a token given";
    }
}

/// <summary>What a token is to be good for.</summary>
public abstract record KeystoneScope
{
    private KeystoneScope()
    {
    }

    /// <summary>Nothing is asked for: an application credential's own project, or an unscoped token.</summary>
    public sealed record None : KeystoneScope
    {
        public override string ToString() => "no scope";
    }

    /// <summary>The whole system: role <c>reader</c> on it is enough to list projects.</summary>
    public sealed record System : KeystoneScope
    {
        public override string ToString() => "system all";
    }

    public sealed record Domain(KeystoneDomain Of) : KeystoneScope
    {
        public override string ToString() => $"domain {Of}";
    }

    public sealed record ProjectById(string Id) : KeystoneScope
    {
        public override string ToString() => $"project {Id}";
    }

    public sealed record ProjectByName(string Name, KeystoneDomain Of) : KeystoneScope
    {
        public override string ToString() => $"project {Name} of domain {Of}";
    }
}
