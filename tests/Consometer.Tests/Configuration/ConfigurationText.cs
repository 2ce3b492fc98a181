using Consometer.Configuration;

namespace Consometer.Tests.Configuration;

/// <summary>A configuration as text, read by the program's own reader.</summary>
internal sealed class ConfigurationText : IDisposable
{
    /// <summary>The least that is a configuration.</summary>
    public const string Least = """
        credentials:
          openstack:
            keystone_uri: https://keystone:5000
            swift_conso_user: meter
            swift_conso_password: s3cret
            system_scope: all
        swift: {}

        """;

    private readonly TempFolder _folder = new();

    public string File => _folder.Find("consometer.yaml");

    public string Folder => _folder.Path;

    public static ConsometerOptions Load(string yaml, params (string Name, string Value)[] environment)
    {
        using var text = new ConfigurationText();
        return text.Read(yaml, environment);
    }

    /// <summary>The faults, without the file's name; one is asserted.</summary>
    public static string[] Faults(string yaml, params (string Name, string Value)[] environment)
    {
        using var text = new ConfigurationText();
        var error = Assert.Throws<ConfigurationException>(() => text.Read(yaml, environment));
        Assert.NotEmpty(error.Faults);
        Assert.All(error.Faults, fault => Assert.DoesNotContain('\n', fault));
        Assert.All(error.Faults, fault => Assert.DoesNotContain("s3cret", fault, StringComparison.Ordinal));
        return [.. error.Faults.Select(fault => fault.Replace(text.File, "file", StringComparison.Ordinal))];
    }

    public ConsometerOptions Read(string yaml, params (string Name, string Value)[] environment)
    {
        _folder.Write("consometer.yaml", yaml);
        return ConfigurationFile.Load(File, name => environment.Where(variable => variable.Name == name).Select(variable => variable.Value).FirstOrDefault());
    }

    public void Dispose() => _folder.Dispose();
}
