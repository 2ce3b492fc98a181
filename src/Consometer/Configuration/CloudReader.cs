using System.Security.Cryptography;
using Consometer.Swift;
using Consometer.Swift.Keystone;

namespace Consometer.Configuration;

/// <summary>Makes options of what is said of a cloud; every fault says where, wanted, found, and none has a secret in it.</summary>
internal sealed class CloudReader(List<string> faults)
{
    /// <summary>The interface of an OpenStack client that says none.</summary>
    public const string Public = "public";

    private static readonly Dictionary<string, bool> Flags = new(StringComparer.OrdinalIgnoreCase)
    {
        ["true"] = true,
        ["yes"] = true,
        ["on"] = true,
        ["1"] = true,
        ["false"] = false,
        ["no"] = false,
        ["off"] = false,
        ["0"] = false,
    };

    /// <returns>Null if there are faults.</returns>
    /// <param name="cloud">What is said.</param>
    /// <param name="region">The endpoint's region where the cloud has none; null for any.</param>
    /// <param name="preferred">The object store's interface where the cloud has none.</param>
    public KeystoneOptions? Read(CloudSettings cloud, string? region, string preferred)
    {
        var before = faults.Count;
        var endpoint = Url(cloud.Find("auth_url") ?? Required(cloud, "auth_url"));
        if (cloud.Find("identity_api_version") is { } version && version.Text is not ("3" or "v3") && !version.Text.StartsWith("3.", StringComparison.Ordinal))
        {
            Fault(version, "3", $"\"{version.Text}\"");
        }

        var credentials = Credentials(cloud);
        var face = cloud.Find("object_store_interface", "interface");
        var options = new KeystoneOptions(endpoint ?? new Uri("http://none"), credentials, Scope(cloud, credentials))
        {
            Trust = Trust(cloud),
            ObjectStore = new ObjectStoreOptions(
                cloud.Find("region_name")?.Text ?? region,
                face is null ? preferred : Interface(face),
                cloud.Find("object_store_endpoint_override") is { } given ? Url(given) : null)
            {
                OtherInterface = face is null && preferred != Public ? Public : null,
            },
        };
        return faults.Count == before ? options : null;
    }

    private KeystoneCredentials Credentials(CloudSettings cloud)
    {
        var type = cloud.Find("auth_type");
        switch (type?.Text)
        {
            case "password" or "v3password":
            case null when cloud.Find("application_credential_secret", "token") is null || cloud.Find("password") is not null:
                return new KeystoneCredentials.Password(User(cloud), Secret(cloud, "password"));
            case "v3applicationcredential":
            case null when cloud.Find("application_credential_secret") is not null:
                return new KeystoneCredentials.ApplicationCredential(ApplicationCredential(cloud), Secret(cloud, "application_credential_secret"));
            case "token" or "v3token" or null:
                return new KeystoneCredentials.Token(Secret(cloud, "token"));
            default:
                Fault(type, "password, v3applicationcredential or v3token", $"\"{type.Text}\"");
                return new KeystoneCredentials.Token(new Secret(""));
        }
    }

    private Secret Secret(CloudSettings cloud, string key) => new((cloud.Find(key) ?? Required(cloud, key)).Text);

    private KeystoneUser User(CloudSettings cloud) =>
        cloud.Find("user_id") is { } id ? new KeystoneUser.ById(id.Text)
        : new KeystoneUser.ByName((cloud.Find("username") ?? Required(cloud, "username")).Text, Domain(cloud, "user_domain"));

    private ApplicationCredentialName ApplicationCredential(CloudSettings cloud) =>
        cloud.Find("application_credential_id") is { } id ? new ApplicationCredentialName.ById(id.Text)
        : cloud.Find("application_credential_name") is { } name ? new ApplicationCredentialName.ByName(name.Text, User(cloud))
        : new ApplicationCredentialName.ById(Required(cloud, "application_credential_id").Text);

    /// <summary>A user's or a project's domain. Nothing said is the first domain, as for the command line of OpenStack.</summary>
    private static KeystoneDomain Domain(CloudSettings cloud, string whose)
    {
        // The more closely it is said the more it counts: one of the user or project goes over one of both.
        foreach (var of in (ReadOnlySpan<string>)[whose, "default_domain"])
        {
            if (cloud.Find(of + "_id") is { } id)
            {
                return new KeystoneDomain.ById(id.Text);
            }

            if (cloud.Find(of + "_name") is { } name)
            {
                return new KeystoneDomain.ByName(name.Text);
            }

            if (cloud.Find(of) is { } either)
            {
                return new KeystoneDomain.ByEither(either.Text);
            }
        }

        return new KeystoneDomain.ById("default");
    }

    /// <summary>One of project, domain and system; none beside an application credential, which has its own; either way for a token.</summary>
    private KeystoneScope Scope(CloudSettings cloud, KeystoneCredentials credentials)
    {
        var system = cloud.Find("system_scope");
        var project = cloud.Find("project_id", "project_name");
        var domain = cloud.Find("domain_id", "domain_name");
        CloudSetting[] given = [.. new[] { system, project, domain }.OfType<CloudSetting>()];
        if (system is not null && system.Text != "all")
        {
            Fault(system, "all", $"system_scope: {system.Text}");
        }

        if (credentials is KeystoneCredentials.ApplicationCredential)
        {
            foreach (var one in given)
            {
                Fault(one, "no scope beside an application credential, which has a project of its own", "one");
            }

            return new KeystoneScope.None();
        }

        if (given.Length > 1 || (given.Length == 0 && credentials is KeystoneCredentials.Password))
        {
            Fault(project ?? cloud.Missing("project_name"), "a project, or system_scope: all instead", given.Length == 0 ? "neither" : given.Length == 2 ? "both" : "these and a domain");
        }

        return system is not null ? new KeystoneScope.System()
            : project is not null ? (cloud.Find("project_id") is { } id ? new KeystoneScope.ProjectById(id.Text) : new KeystoneScope.ProjectByName(project.Text, Domain(cloud, "project_domain")))
            : domain is not null ? new KeystoneScope.Domain(cloud.Find("domain_id") is { } domainId ? new KeystoneDomain.ById(domainId.Text) : new KeystoneDomain.ByName(domain.Text))
            : new KeystoneScope.None();
    }

    /// <summary><c>insecure</c>, or <c>verify</c> with the contrary meaning, goes over <c>cacert</c>.</summary>
    private TlsTrust Trust(CloudSettings cloud)
    {
        var isInsecure = Flag(cloud.Find("insecure"), absent: false) || !Flag(cloud.Find("verify"), absent: true);
        var certificate = cloud.Find("cert");
        if (cloud.Find("key") is { } key && certificate is null)
        {
            Fault(cloud.Missing("cert"), $"a certificate, since there is {key.Name}", "none");
        }

        var roots = isInsecure ? TlsTrust.Default : Load(cloud.Find("cacert"), authorities => TlsTrust.Load(authorities, null, null, isInsecure: false));
        var own = Load(certificate, path => TlsTrust.Load(null, path, cloud.Find("key")?.Text, isInsecure: false));
        return isInsecure || roots.Roots is not null || own.ClientCertificates.Count > 0 ? new TlsTrust(roots.Roots, own.ClientCertificates, isInsecure) : TlsTrust.Default;
    }

    private TlsTrust Load(CloudSetting? file, Func<string, TlsTrust> load)
    {
        try
        {
            return file is null ? TlsTrust.Default : load(file.Text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            Fault(file!, "a file of certificates in PEM, with the key to one's own", e.Message.ReplaceLineEndings(" "));
            return TlsTrust.Default;
        }
    }

    /// <summary>Older names of an interface end in URL: <c>publicURL</c>.</summary>
    private string Interface(CloudSetting given)
    {
        var name = given.Text.EndsWith("URL", StringComparison.Ordinal) ? given.Text[..^3] : given.Text;
        if (name is not (Public or "internal" or "admin"))
        {
            Fault(given, "public, internal or admin", $"\"{given.Text}\"");
        }

        return name;
    }

    private bool Flag(CloudSetting? given, bool absent)
    {
        if (given is null || Flags.TryGetValue(given.Text, out absent))
        {
            return absent;
        }

        Fault(given, "true or false", $"\"{given.Text}\"");
        return false;
    }

    /// <returns>Null if it is none, which is told where there is anything.</returns>
    private Uri? Url(CloudSetting given)
    {
        if (Uri.TryCreate(given.Text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0)
        {
            return url;
        }

        if (given.Text.Length > 0)
        {
            // What has an @ may have a password before it.
            Fault(given, "an http or https URL", given.Text.Contains('@', StringComparison.Ordinal) ? "one with a user in it" : $"\"{given.Text}\"");
        }

        return null;
    }

    private CloudSetting Required(CloudSettings cloud, string key)
    {
        var missing = cloud.Missing(key);
        Fault(missing, "a value", "none");
        return missing;
    }

    private void Fault(CloudSetting at, string wanted, string found) => faults.Add($"{at.Place}: {at.Name}: wanted {wanted}, found {found}");
}
