using Consometer.Metering;
using Consometer.Rings;

namespace Consometer.Daemon;

/// <summary>Accounts as an operator names them: by account, or by project.</summary>
internal static class AccountNames
{
    /// <exception cref="InputFileException">A name that can be none.</exception>
    public static IEnumerable<Account> Of(ResellerPrefixes prefixes, string name)
    {
        foreach (var account in prefixes.Named(name))
        {
            // Bytes that are no text come from the command line as the replacement character: they would name another account.
            yield return account.ProjectId.Length > 0 && !name.Contains('\ufffd', StringComparison.Ordinal)
                ? account
                : throw new InputFileException($"account \"{name}\": wanted an account or a project's id, in UTF-8");
        }
    }
}
