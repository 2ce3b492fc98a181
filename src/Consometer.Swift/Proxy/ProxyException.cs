namespace Consometer.Swift.Proxy;

/// <summary>The proxy did not say what a round cannot do without. The program ends with exit code 5.</summary>
public sealed class ProxyException(string message) : Exception(message);
