using Consometer.Configuration;
using Consometer.Delivery.Publishing;
using Consometer.Delivery.Store;
using Consometer.Metering.Requests.Sources;
using Consometer.Rings;
using Consometer.Swift.Keystone;
using Consometer.Swift.Proxy;

namespace Consometer;

/// <summary>The failures that are the operator's to mend, each with its exit code.</summary>
internal static class OperatorFailure
{
    /// <summary>The exit code; null if it is no such failure, but a defect.</summary>
    public static int? ExitCodeOf(Exception failure) => failure switch
    {
        ConfigurationException => ExitCode.Configuration,
        InputFileException => ExitCode.InputFile,
        KeystoneException or ProxyException or StoreException or BrokerException or LogSourceException => ExitCode.Service,
        _ => null,
    };

    /// <summary>What to tell: where, what was wanted, what was found; a line for each fault.</summary>
    public static IEnumerable<string> LinesOf(Exception failure) =>
        failure is ConfigurationException configuration ? configuration.Faults : [failure.Message.ReplaceLineEndings(" ")];
}
