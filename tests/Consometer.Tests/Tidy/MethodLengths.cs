using System.Text.RegularExpressions;

namespace Consometer.Tests.Tidy;

/// <summary>
/// Counts the lines of methods by their layout: a member starts with its modifiers and ends at the brace, or the line, that
/// stands as far to the right. Good enough for code that <c>dotnet format</c> has been over.
/// </summary>
internal static partial class MethodLengths
{
    public static IEnumerable<(string Member, int Lines)> Of(SourceFile file)
    {
        for (var start = 0; start < file.Lines.Length; start++)
        {
            if (Member().Match(file.Lines[start]) is not { Success: true } match || IsType().IsMatch(file.Lines[start]))
            {
                continue;
            }

            var indent = match.Groups["indent"].Value;
            var end = start;
            while (end < file.Lines.Length - 1 && !EndsAt(file.Lines[end], file.Lines[end + 1], indent))
            {
                end++;
            }

            yield return ($"{file.Path}:{start + 1}", end - start + 1);
            start = end;
        }
    }

    private static bool EndsAt(string line, string next, string indent) =>
        line.StartsWith(indent + "}", StringComparison.Ordinal) || line == indent + "];"
        || (line.EndsWith(';') && (next.Length == 0 || next.TrimStart() == "}"));

    [GeneratedRegex(@"^(?<indent>(    )+)(public|private|internal|protected|static|async|override) .*\S")]
    private static partial Regex Member();

    [GeneratedRegex(@"\b(class|record|struct|interface|enum)\b [A-Z]")]
    private static partial Regex IsType();
}
