namespace Consometer.Configuration;

/// <summary>The variables that an <c>openrc</c> sets: <c>OS_X</c> is what <c>x</c> is in <c>clouds.yaml</c>.</summary>
internal sealed class CloudEnvironment(YamlSource source)
{
    private const string Place = "environment";

    /// <summary>The cloud of <c>clouds.yaml</c> that <c>OS_CLOUD</c> names; null for none, or for these variables' own.</summary>
    public CloudSetting? Cloud =>
        Value("OS_CLOUD") is { } name && name != (Value("OS_CLOUD_NAME") ?? "envvars") ? new CloudSetting(name, Place, "OS_CLOUD") : null;

    /// <summary>Whether a cloud is described: a region alone describes none.</summary>
    public bool IsGiven => CloudSettings.AuthKeys.Concat(CloudSettings.Aliases.Keys).Any(key => Value(NameOf(key)) is not null);

    public CloudSettings Read()
    {
        var settings = new CloudSettings(Place, NameOf);
        foreach (var key in CloudSettings.Aliases.Keys.Concat(CloudSettings.Keys))
        {
            var text = Value(NameOf(key));
            if (text?.Any(char.IsControl) == true)
            {
                source.Faults.Add($"{Place}: {NameOf(key)}: wanted a single value on one line, found control characters");
            }
            else if (text is not null)
            {
                settings.Set(CloudSettings.Aliases.GetValueOrDefault(key, key), new CloudSetting(text, Place, NameOf(key)));
            }
        }

        return settings;
    }

    private static string NameOf(string key) => "OS_" + key.ToUpperInvariant();

    private string? Value(string name) => source.Environment(name) is { Length: > 0 } text ? text : null;
}
