namespace Consometer.Configuration;

/// <summary>The command line or the configuration is wrong; each fault is a line. The program ends with exit code 2.</summary>
internal sealed class ConfigurationException(IReadOnlyList<string> faults) : Exception(string.Join('\n', faults))
{
    public ConfigurationException(string fault)
        : this([fault])
    {
    }

    public IReadOnlyList<string> Faults { get; } = faults;
}
