using Consometer.Swift.Keystone;

namespace Consometer.Configuration;

/// <summary>
/// The section <c>credentials.openstack</c>: the credentials themselves, or a cloud's name in <c>clouds.yaml</c> with what is to go over it.
/// Where there is no such section the environment says what other OpenStack clients are told by it: <c>OS_CLOUD</c>, or <c>OS_AUTH_URL</c> and more.
/// </summary>
internal static class OpenstackSection
{
    private const string Path = "credentials.openstack";

    /// <summary>The older program's keys, and this one's, by what they are in <c>clouds.yaml</c>.</summary>
    private static readonly Dictionary<string, string> Names = new()
    {
        ["auth_url"] = "keystone_uri",
        ["username"] = "swift_conso_user",
        ["password"] = "swift_conso_password",
        ["project_name"] = "swift_conso_tenant",
        ["default_domain"] = "swift_conso_domain",
    };

    /// <summary>What of a cloud in <c>clouds.yaml</c> is the same thing said otherwise: it must not go over what the section says.</summary>
    private static readonly Dictionary<string, string[]> Rivals = new()
    {
        ["username"] = ["user_id"],
        ["project_name"] = ["project_id"],
        ["default_domain"] = ["default_domain_id", "default_domain_name"],
        ["user_domain"] = ["user_domain_id", "user_domain_name"],
        ["project_domain"] = ["project_domain_id", "project_domain_name"],
        ["interface"] = ["object_store_interface"],
        ["insecure"] = ["verify"],
    };

    /// <returns>Null if there are faults; they are in the source.</returns>
    /// <param name="openstack">The section, there or not.</param>
    /// <param name="source">Where the configuration comes from.</param>
    /// <param name="folder">Of the file.</param>
    /// <param name="region">The region that the configuration names, if any: the endpoint's, unless another is said.</param>
    /// <param name="preferred">The object store's interface, unless another is said; where it has no endpoint the public one will do.</param>
    public static KeystoneOptions? Read(YamlSection openstack, YamlSource source, string folder, string? region, string preferred)
    {
        var reader = new CloudReader(source.Faults);
        if (openstack.IsGiven)
        {
            var cloud = openstack.Find("cloud");
            var settings = cloud is { } named
                ? new CloudsFiles(source).Read(new CloudSetting(named.Text, named.Place, $"{Path}.cloud"))
                : new CloudSettings(source.File, key => $"{Path}.{Names.GetValueOrDefault(key, key)}");
            Overlay(settings ?? new CloudSettings(source.File, key => key), openstack, folder);
            return settings is null ? null : reader.Read(settings, region, preferred);
        }

        var environment = new CloudEnvironment(source);
        return environment.Cloud is { } setting ? new CloudsFiles(source).Read(setting) is { } found ? reader.Read(found, region, preferred) : null
            : reader.Read(environment.IsGiven ? environment.Read() : new CloudSettings(source.File, key => $"{Path}.{Names.GetValueOrDefault(key, key)}"), region, preferred);
    }

    /// <summary>The section's own keys, each asked for: one that is not would pass for unknown.</summary>
    private static void Overlay(CloudSettings settings, YamlSection openstack, string folder)
    {
        Set("keystone_uri", "auth_url");
        Set("swift_conso_user", "username");
        Set("swift_conso_password", "password");
        Set("swift_conso_tenant", "project_name");
        Set("swift_conso_domain", "default_domain");
        Set("user_domain", "user_domain");
        Set("project_domain", "project_domain");
        Set("system_scope", "system_scope");
        Set("application_credential_id", "application_credential_id");
        Set("application_credential_name", "application_credential_name");
        Set("application_credential_secret", "application_credential_secret");
        Set("region_name", "region_name");
        Set("interface", "interface");
        SetPath("cacert");
        SetPath("cert");
        SetPath("key");
        Set("insecure", "insecure");
        Set("object_store_endpoint_override", "object_store_endpoint_override");

        void SetPath(string key) => Set(key, key, path => ConfigurationFile.Under(folder, path));

        void Set(string key, string means, Func<string, string>? read = null)
        {
            if (openstack.Find(key) is var (text, place))
            {
                Array.ForEach(Rivals.GetValueOrDefault(means, []), settings.Remove);
                settings.Set(means, new CloudSetting(read?.Invoke(text) ?? text, place, $"{Path}.{key}"));
            }
        }
    }
}
