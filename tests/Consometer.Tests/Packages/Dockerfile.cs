using System.Text.Json;
using System.Text.RegularExpressions;

namespace Consometer.Tests.Packages;

/// <summary>An instruction of a Dockerfile with what stands behind it, on one line.</summary>
internal sealed record DockerStep(string Instruction, string Arguments)
{
    /// <summary>The stage that a COPY takes from; null for the repository.</summary>
    public string? From => Flags.SingleOrDefault(flag => flag.StartsWith("--from=", StringComparison.Ordinal))?["--from=".Length..];

    /// <summary>What a COPY copies.</summary>
    public IReadOnlyList<string> Sources => Operands[..^1];

    /// <summary>Where a COPY copies to.</summary>
    public string Destination => Operands[^1];

    /// <summary>The program that is run, with its arguments: a list in JSON, behind CMD if it is a HEALTHCHECK.</summary>
    public IReadOnlyList<string> Command => JsonSerializer.Deserialize<string[]>(Arguments[Arguments.IndexOf('[', StringComparison.Ordinal)..])!;

    private string[] Words => Arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private IEnumerable<string> Flags => Words.Where(IsFlag);

    private string[] Operands => [.. Words.Where(word => !IsFlag(word))];

    private static bool IsFlag(string word) => word.StartsWith("--", StringComparison.Ordinal);
}

/// <summary>A stage of a Dockerfile.</summary>
internal sealed record DockerStage(string Base, string? Name, IReadOnlyList<DockerStep> Steps)
{
    public DockerStep Single(string instruction) => Assert.Single(Of(instruction));

    public IReadOnlyList<DockerStep> Of(string instruction) => [.. Steps.Where(step => step.Instruction == instruction)];
}

/// <summary>A Dockerfile, as far as that of this repository goes: stages, comments, lines that go on. The scenarios read it by this too.</summary>
internal static partial class Dockerfile
{
    public static IReadOnlyList<DockerStage> Parse(string text)
    {
        var lines = Comment().Replace(text.ReplaceLineEndings("\n"), "").Replace("\\\n", " ", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var stages = new List<DockerStage>();
        foreach (var words in lines.Select(line => line.Split(' ', 2)))
        {
            if (words[0] == "FROM")
            {
                var from = words[1].Split(" AS ");
                stages.Add(new DockerStage(from[0], from.ElementAtOrDefault(1), []));
            }
            else
            {
                stages[^1] = stages[^1] with { Steps = [.. stages[^1].Steps, new DockerStep(words[0], words[1].Trim())] };
            }
        }

        return stages;
    }

    [GeneratedRegex("^#.*\n", RegexOptions.Multiline)]
    private static partial Regex Comment();
}
