using System.CommandLine;

namespace Consometer.Cli;

internal static class NamedChoice
{
    /// <summary>Takes the names of the enumeration and nothing else; by itself the parser takes numbers too, and tells of .NET types.</summary>
    public static Option<T> OneOfNames<T>(this Option<T> option)
        where T : struct, Enum
    {
        option.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, [.. Enum.GetNames<T>().Select(name => name.ToLowerInvariant())]);
        return option;
    }
}
