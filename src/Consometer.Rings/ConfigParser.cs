using System.Text.RegularExpressions;

namespace Consometer.Rings;

/// <summary>
/// As much of Python's <c>configparser.ConfigParser</c> with its defaults as decides what Swift reads: sections, indented
/// continuation lines, duplicates refused, <c>[DEFAULT]</c>, and interpolation of <c>%</c>.
/// </summary>
internal sealed partial class ConfigParser
{
    private const string DefaultSection = "DEFAULT";
    private const int InterpolationDepthMax = 10;

    private readonly Dictionary<string, Dictionary<string, string>> _sections = new(StringComparer.Ordinal) { [DefaultSection] = [] };

    private ConfigParser()
    {
    }

    /// <summary>The names of the sections, without <c>[DEFAULT]</c>, in the order of the file.</summary>
    public IEnumerable<string> Sections => _sections.Keys.Where(name => name != DefaultSection);

    /// <exception cref="InputFileException">What Python would raise on.</exception>
    public static ConfigParser Parse(string text)
    {
        var parser = new ConfigParser();
        parser.Read(LineEnd().Split(text));
        return parser;
    }

    /// <summary>The value of an option, interpolated; null if the section or the option is not there.</summary>
    /// <exception cref="InputFileException">A lone <c>%</c>, or a reference to an option that does not exist.</exception>
    public string? Get(string section, string option)
    {
        if (section == DefaultSection || !_sections.TryGetValue(section, out var options))
        {
            return null;
        }

        return Find(options, option) is { } raw ? Interpolate(raw, options, option, 1) : null;
    }

    private void Read(string[] lines)
    {
        Dictionary<string, string>? section = null;
        var sectionName = "";
        string? option = null;
        var indent = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            var value = Strip(lines[i]);
            if (value.Length == 0 || value[0] is '#' or ';')
            {
                // An empty line belongs to the value above it, and is cut off again where that value ends.
                if (value.Length == 0 && section is not null && option is not null)
                {
                    section[option] += "\n";
                }

                continue;
            }

            var lineIndent = lines[i].TakeWhile(IsSpace).Count();
            if (section is not null && option is not null && lineIndent > indent)
            {
                section[option] += "\n" + value;
                continue;
            }

            indent = lineIndent;
            if (SectionHeader().Match(value) is { Success: true } header)
            {
                sectionName = header.Groups[1].Value;
                section = OpenSection(sectionName, i);
                option = null;
            }
            else
            {
                option = ReadOption(section ?? throw At(i, "a section header", "something before the first"), sectionName, value, i);
            }
        }

        foreach (var (owner, name) in _sections.Values.SelectMany(owner => owner.Keys.Select(name => (owner, name)).ToArray()))
        {
            owner[name] = StripEnd(owner[name]); // Not its start: a value that begins on the second line begins with a newline.
        }
    }

    private Dictionary<string, string> OpenSection(string name, int line)
    {
        if (name == DefaultSection)
        {
            return _sections[name];
        }

        return _sections.TryAdd(name, []) ? _sections[name] : throw At(line, "each section once", $"[{name}] again");
    }

    private static string ReadOption(Dictionary<string, string> section, string sectionName, string value, int line)
    {
        var match = Option().Match(value);
        var name = match.Groups[1].Value.ToLowerInvariant();
        if (!match.Success || name.Length == 0)
        {
            throw At(line, "option = value", "neither that, nor a section header, nor a comment");
        }

        return section.TryAdd(name, Strip(match.Groups[2].Value)) ? name : throw At(line, "each option once", $"{name} again in [{sectionName}]");
    }

    /// <summary>Python's <c>BasicInterpolation</c>: <c>%%</c> is a percent sign, <c>%(name)s</c> another option's value.</summary>
    private string Interpolate(string raw, Dictionary<string, string> options, string option, int depth)
    {
        // Python counts only values that refer further: the last of a chain, plain text, may lie one deeper.
        if (depth > InterpolationDepthMax && raw.Contains('%', StringComparison.Ordinal))
        {
            throw new InputFileException($"option {option}: wanted references at most {InterpolationDepthMax} deep, found deeper ones");
        }

        return Percent().Replace(raw, match => match switch
        {
            { Value: "%%" } => "%",
            { Groups: [_, { Success: true } name] } => Interpolate(
                Find(options, name.Value.ToLowerInvariant())
                    ?? throw new InputFileException($"option {option}: wanted an option {name.Value} to refer to, found none"),
                options,
                option,
                depth + 1),
            _ => throw new InputFileException($"option {option}: wanted %% or %(name)s, found a lone % (Swift refuses it too)"),
        });
    }

    private string? Find(Dictionary<string, string> options, string name) =>
        options.GetValueOrDefault(name) ?? _sections[DefaultSection].GetValueOrDefault(name);

    /// <summary>Python's <c>str.strip()</c>, for Latin-1: .NET's own leaves the four separators 1C to 1F.</summary>
    private static string Strip(string text)
    {
        var start = text.TakeWhile(IsSpace).Count();
        return StripEnd(text[start..]);
    }

    private static string StripEnd(string text)
    {
        var end = text.Length;
        while (end > 0 && IsSpace(text[end - 1]))
        {
            end--;
        }

        return text[..end];
    }

    private static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\x1c' and <= '\x1f';

    private static InputFileException At(int line, string wanted, string found) => new($"line {line + 1}: wanted {wanted}, found {found}");

    [GeneratedRegex(@"\r\n|\n|\r")]
    private static partial Regex LineEnd();

    [GeneratedRegex(@"^\[(.+)\]", RegexOptions.Singleline)]
    private static partial Regex SectionHeader();

    [GeneratedRegex(@"^(.*?)[\s\x1c-\x1f]*[=:][\s\x1c-\x1f]*(.*)$", RegexOptions.Singleline)]
    private static partial Regex Option();

    [GeneratedRegex(@"%%|%\(([^)]+)\)s|%")]
    private static partial Regex Percent();
}
