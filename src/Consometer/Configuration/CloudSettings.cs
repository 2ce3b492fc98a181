namespace Consometer.Configuration;

/// <summary>A setting, and where it stands.</summary>
/// <param name="Text">Its value, never empty.</param>
/// <param name="Place">The file and line, or <c>environment</c>.</param>
/// <param name="Name">What it is called there.</param>
internal sealed record CloudSetting(string Text, string Place, string Name)
{
    /// <summary>Without the value: it may be a password.</summary>
    public override string ToString() => $"{Place}: {Name}";
}

/// <summary>
/// What is said of a cloud, wherever it is said: in <c>credentials.openstack</c>, in <c>clouds.yaml</c>, in <c>OS_*</c> variables. The keys
/// are those of <c>clouds.yaml</c>, as openstacksdk has them, without <c>auth</c>.
/// </summary>
/// <param name="place">Where settings that are missing should be.</param>
/// <param name="nameOf">What a key is called there.</param>
internal sealed class CloudSettings(string place, Func<string, string> nameOf)
{
    /// <summary>Every key that means anything to this program.</summary>
    public static IReadOnlyList<string> Keys { get; } =
    [
        .. AuthKeys, "auth_type", "identity_api_version", "region_name", "interface", "object_store_interface", "cacert", "cert", "key", "insecure", "verify",
        "object_store_endpoint_override",
    ];

    /// <summary>Those that say who asks for what, and where; under <c>auth</c> in <c>clouds.yaml</c>.</summary>
    public static IReadOnlyList<string> AuthKeys =>
    [
        "auth_url", "username", "user_id", "password", "user_domain_id", "user_domain_name", "project_id", "project_name", "project_domain_id", "project_domain_name",
        "domain_id", "domain_name", "default_domain", "default_domain_id", "default_domain_name", "system_scope", "application_credential_id",
        "application_credential_name", "application_credential_secret", "token",
    ];

    /// <summary>Older names, and other ones, that are still about.</summary>
    public static IReadOnlyDictionary<string, string> Aliases { get; } = new Dictionary<string, string>
    {
        ["tenant_id"] = "project_id",
        ["tenant_name"] = "project_name",
        ["user_name"] = "username",
        ["auth_token"] = "token",
        ["endpoint_type"] = "interface",
        ["object_store_endpoint_type"] = "object_store_interface",
    };

    private readonly Dictionary<string, CloudSetting> _settings = [];

    /// <summary>Sets a key, over what it was.</summary>
    public void Set(string key, CloudSetting setting) => _settings[key] = setting;

    /// <summary>Forgets a key that another says otherwise.</summary>
    public void Remove(string key) => _settings.Remove(key);

    /// <summary>The first of these keys that is set.</summary>
    public CloudSetting? Find(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (_settings.TryGetValue(key, out var setting))
            {
                return setting;
            }
        }

        return null;
    }

    /// <summary>A key as one that is not there.</summary>
    public CloudSetting Missing(string key) => new("", place, nameOf(key));
}
