namespace Consometer.Swift.Keystone;

/// <summary>
/// Keystone did not answer, or refused. The program ends with exit code 5. It has no inner exception: what that says may have a secret in
/// it that a server repeated, and the message has all of it that may be told.
/// </summary>
public sealed class KeystoneException(string message) : Exception(message);
