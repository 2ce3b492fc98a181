namespace Consometer.Metering.Requests.Sources;

/// <summary>Where an access log should come from cannot be opened. One line for the operator: where, what was wanted, what was found.</summary>
public sealed class LogSourceException(string where, string wanted, string found, Exception? inner = null)
    : Exception($"{where}: wanted {wanted}, found {found}", inner);
