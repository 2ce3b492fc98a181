namespace Consometer.Configuration;

/// <summary>
/// <c>clouds.yaml</c>, <c>secure.yaml</c> over it and <c>clouds-public.yaml</c> under it, found and merged as openstacksdk does
/// (<c>openstack/config/loader.py</c>): of each the first that there is.
/// </summary>
internal sealed class CloudsFiles(YamlSource source)
{
    /// <summary>The file's name, and the key in it that all clouds are under; in <c>secure.yaml</c> too.</summary>
    private const string Clouds = "clouds";

    /// <returns>The cloud's settings; null if there is no such cloud, which is a fault of where it is named.</returns>
    public CloudSettings? Read(CloudSetting name)
    {
        var clouds = Open("OS_CLIENT_CONFIG_FILE", Clouds, Clouds);
        var secure = Open("OS_CLIENT_SECURE_FILE", "secure", Clouds);
        if (clouds is null && secure is null)
        {
            return Fault(name, $"clouds.yaml in {string.Join(", ", Folders())}, or OS_CLIENT_CONFIG_FILE", "none");
        }

        YamlMap?[] found = [clouds?.Entries.Map(name.Text), secure?.Entries.Map(name.Text)];
        if (found.All(cloud => cloud is null))
        {
            return Fault(name, $"a cloud of {(clouds ?? secure)!.Path}", $"\"{name.Text}\", and there {(clouds ?? secure)!.Entries.Names}");
        }

        var settings = new CloudSettings((clouds ?? secure)!.Path, key => $"{Clouds}.{name.Text}.{(CloudSettings.AuthKeys.Contains(key) ? "auth." : "")}{key}");
        var profile = found.Select(cloud => cloud?.Text("profile") ?? cloud?.Text("cloud")).FirstOrDefault(text => text is not null);
        if (profile is not null && Open(variable: null, "clouds-public", "public-clouds") is { } vendors)
        {
            Add(settings, vendors, vendors.Entries.Map(profile), $"public-clouds.{profile}");
        }

        Add(settings, clouds, found[0], $"{Clouds}.{name.Text}");
        Add(settings, secure, found[1], $"{Clouds}.{name.Text}");
        return settings;
    }

    /// <summary>What a file says of a cloud, over what is known: beside <c>auth</c> first, since that goes over it.</summary>
    private void Add(CloudSettings settings, CloudsFile? file, YamlMap? cloud, string name)
    {
        if (file is null || cloud is null)
        {
            return;
        }

        AddAll(cloud, name);
        if (cloud.Map("auth") is { } auth)
        {
            AddAll(auth, $"{name}.auth");
        }

        // Without a region said it is the first of several.
        if (cloud.First("regions") is { } region && settings.Find("region_name") is null)
        {
            settings.Set("region_name", new CloudSetting(region.Text, file.Line(region.Line), $"{name}.regions"));
        }

        void AddAll(YamlMap map, string path)
        {
            foreach (var (key, text, line) in map.Texts)
            {
                var plain = key.Replace('-', '_');
                var known = CloudSettings.Aliases.GetValueOrDefault(plain, plain);
                if (!CloudSettings.Keys.Contains(known) || text.Length == 0)
                {
                    continue;
                }

                if (text.Any(char.IsControl))
                {
                    source.Faults.Add($"{file.Line(line)}: {path}.{key}: wanted a single value on one line, found control characters");
                    continue;
                }

                settings.Set(known, new CloudSetting(known is "cacert" or "cert" or "key" ? UnderHome(file, text) : text, file.Line(line), $"{path}.{key}"));
            }
        }
    }

    private CloudSettings? Fault(CloudSetting at, string wanted, string found)
    {
        source.Faults.Add($"{at.Place}: {at.Name}: wanted {wanted}, found {found}");
        return null;
    }

    /// <summary>Relative to the file, as all paths in files of this program's: a daemon is started anywhere.</summary>
    private string UnderHome(CloudsFile file, string path) => ConfigurationFile.Under(
        Path.GetDirectoryName(file.Path)!,
        path.StartsWith("~/", StringComparison.Ordinal) && source.Environment("HOME") is { Length: > 0 } home ? Path.Combine(home, path[2..]) : path);

    private CloudsFile? Open(string? variable, string name, string root)
    {
        IEnumerable<string> candidates = Folders().SelectMany(_ => (string[])[".yaml", ".yml", ".json"], (folder, ending) => Path.Combine(folder, name + ending));
        if (variable is not null && source.Environment(variable) is { Length: > 0 } first)
        {
            candidates = candidates.Prepend(first);
        }

        if (candidates.FirstOrDefault(File.Exists) is not { } path)
        {
            return null;
        }

        try
        {
            return new CloudsFile(Path.GetFullPath(path), YamlMap.Of(ConfigurationFile.Parse(path))?.Map(root) ?? YamlMap.Empty);
        }
        catch (ConfigurationException e)
        {
            source.Faults.AddRange(e.Faults);
            return null;
        }
    }

    /// <summary>The working folder, the user's, the machine's.</summary>
    private IEnumerable<string> Folders()
    {
        yield return Environment.CurrentDirectory;
        if (source.Environment("XDG_CONFIG_HOME") is { Length: > 0 } config)
        {
            yield return Path.Combine(config, "openstack");
        }
        else if (source.Environment("HOME") is { Length: > 0 } home)
        {
            yield return Path.Combine(home, ".config", "openstack");
        }

        yield return "/etc/xdg/openstack";
        yield return "/etc/openstack";
    }

    private sealed record CloudsFile(string Path, YamlMap Entries)
    {
        public string Line(long line) => new YamlSource(Path, _ => null).Line(line);
    }
}
