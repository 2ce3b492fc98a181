using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Consometer.Tests.Tidy;

/// <summary>The rules of the house that a program can check, over the whole repository. Each test asserts first that there is something to check.</summary>
public sealed partial class TidyTests
{
    private const int FileLinesMax = 400;
    private const int MethodLinesMax = 70;

    /// <summary>Which rooms a room may see (DESIGN.md, "Rooms").</summary>
    private static readonly Dictionary<string, string[]> Rooms = new()
    {
        ["Consometer.Rings"] = [],
        ["Consometer.Swift"] = ["Consometer.Rings"],
        ["Consometer.Metering"] = ["Consometer.Rings", "Consometer.Swift"],
        ["Consometer.Delivery"] = ["Consometer.Rings", "Consometer.Swift", "Consometer.Metering"],
        ["Consometer.Simulation"] = ["Consometer.Rings"],
        ["Consometer"] = ["Consometer.Rings", "Consometer.Swift", "Consometer.Metering", "Consometer.Delivery", "Consometer.Simulation"],
    };

    /// <summary>Which projects may see a package; one that is not here may be seen by tests only.</summary>
    private static readonly Dictionary<string, string[]> Packages = new()
    {
        ["Microsoft.Data.Sqlite"] = ["Consometer.Delivery", "Consometer.Scenarios", "Consometer.Benchmarks"],
        ["Microsoft.Playwright"] = ["Consometer.Scenarios"],
        ["OpenTelemetry.Exporter.OpenTelemetryProtocol"] = ["Consometer"],
        ["RabbitMQ.Client"] = ["Consometer.Delivery", "Consometer.Scenarios", "Consometer.Benchmarks"],
        ["SQLitePCLRaw.bundle_e_sqlite3"] = ["Consometer.Delivery", "Consometer.Scenarios", "Consometer.Benchmarks"],
        ["Serilog"] = ["Consometer"],
        ["Serilog.Sinks.Console"] = ["Consometer"],
        ["Spectre.Console"] = ["Consometer"],
        ["System.CommandLine"] = ["Consometer"],
        ["YamlDotNet"] = ["Consometer"],
    };

    /// <summary>Where keys of the configuration are read.</summary>
    private static readonly string[] ConfigurationFiles = ["ClusterSection", "ConfigurationFile", "DeliverySection", "ExportSection", "OpenstackSection", "StatusSection", "SwiftSection"];

    /// <summary>Where anything may be caught: to say that it is a defect, and to hand a worker's error to whoever waits.</summary>
    private static readonly string[] CatchersOfAll = ["src/Consometer/Program.cs", "src/Consometer.Metering/Polling/DirectPoll.cs"];

    [Fact]
    public void No_file_is_too_long() =>
        Assert.All(SourceFiles.Find(".cs"), file => Assert.True(file.Lines.Length <= FileLinesMax, $"{file} has {file.Lines.Length} lines, at most {FileLinesMax}"));

    [Fact]
    public void No_method_is_too_long()
    {
        var methods = SourceFiles.Find(".cs").SelectMany(MethodLengths.Of).ToArray();

        Assert.InRange(methods.Length, 300, int.MaxValue);
        Assert.All(methods, method => Assert.True(method.Lines <= MethodLinesMax, $"{method.Member} has {method.Lines} lines, at most {MethodLinesMax}"));
    }

    [Fact]
    public void A_room_sees_only_the_rooms_it_may()
    {
        var projects = SourceFiles.Find(".csproj", "src/");

        Assert.Equal(Rooms.Keys.Order(), projects.Select(Name).Order());
        Assert.All(projects, project => Assert.Empty(References(project, "ProjectReference").Select(Path.GetFileNameWithoutExtension).Except(Rooms[Name(project)])));
    }

    [Fact]
    public void A_package_is_seen_only_in_its_room()
    {
        var references = SourceFiles.Find(".csproj").SelectMany(project => References(project, "PackageReference").Select(package => (project.Path, Room: Name(project), Package: package))).ToArray();

        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.True(
            Packages.TryGetValue(reference.Package, out var rooms) ? rooms.Contains(reference.Room) : reference.Path.StartsWith("tests/", StringComparison.Ordinal),
            $"{reference.Path} references {reference.Package}"));
    }

    [Fact]
    public void No_package_is_in_use_that_the_README_does_not_answer_for()
    {
        var packages = XDocument.Parse(SourceFiles.Get("Directory.Packages.props").Text).Descendants("PackageVersion").Select(package => (string)package.Attribute("Include")!).ToArray();
        var readme = SourceFiles.Get("README.md").Text;

        Assert.NotEmpty(packages);
        Assert.All(packages, package => Assert.True(readme.Contains(package, StringComparison.Ordinal), $"{package} is not in the README"));
    }

    [Fact]
    public void A_clock_is_given_and_never_taken() => Find(Clock(), "src/", except: []);

    [Fact]
    public void Nobody_sleeps_and_nothing_runs_that_nobody_awaits()
    {
        Find(Sleep(), "src/", except: []);
        Find(Sleep(), "tests/", except: []);
    }

    [Fact]
    public void Only_a_listed_few_catch_whatever_comes()
    {
        Assert.All(CatchersOfAll, path => Assert.Matches(CatchAll(), SourceFiles.Get(path).Text));
        Find(CatchAll(), "src/", CatchersOfAll);
    }

    [Fact]
    public void Nothing_is_left_to_be_done()
    {
        Find(Unfinished(), "src/", except: []);
        Find(Unfinished(), "tests/", except: []);
    }

    [Fact]
    public void Every_key_of_the_configuration_is_in_the_README_and_in_the_sample()
    {
        var text = string.Concat(ConfigurationFiles.Select(name => SourceFiles.Get($"src/Consometer/Configuration/{name}.cs").Text));
        var keys = Key().Matches(text).Select(match => match.Groups["key"].Value)
            .Concat(Metering()).Distinct().ToArray();
        var readme = SourceFiles.Get("README.md").Text;
        var sample = SourceFiles.Get("etc/consometer.yaml").Text;

        Assert.InRange(keys.Length, 48, int.MaxValue);
        Assert.All(keys, key => Assert.True(Word(key).IsMatch(readme), $"{key} is not in the README"));
        Assert.All(keys, key => Assert.True(Word(key).IsMatch(sample), $"{key} is not in etc/consometer.yaml"));

        static IEnumerable<string> Metering() => Consometer.Metering.Samples.MeterCatalogue.All.Select(meter => meter.Name);
    }

    [Fact]
    public void The_sample_configuration_is_one()
    {
        SourceFiles.Get("etc/consometer.yaml");

        Assert.Empty(Consometer.Configuration.ConfigurationFile.Load(Repository.Find("etc"), _ => null).WithoutEffect);
    }

    /// <summary>Asserts that no C# file but the excepted has the pattern outside its comments.</summary>
    private static void Find(Regex pattern, string folder, string[] except)
    {
        var found = SourceFiles.Find(".cs", folder).Where(file => !except.Contains(file.Path) && !file.Path.Contains("/Tidy/", StringComparison.Ordinal))
            .SelectMany(file => file.Lines.Select((line, i) => (Place: $"{file}:{i + 1}", Line: line)))
            .Where(line => pattern.IsMatch(line.Line))
            .Select(line => $"{line.Place}: {line.Line.Trim()}");

        Assert.Empty(found);
    }

    private static string Name(SourceFile project) => Path.GetFileNameWithoutExtension(project.Path);

    private static IEnumerable<string> References(SourceFile project, string kind) =>
        XDocument.Parse(project.Text).Descendants(kind).Select(reference => ((string)reference.Attribute("Include")!).Replace('\\', '/'));

    private static Regex Word(string key) => new($@"(?<![\w.]){Regex.Escape(key)}(?!\w)|\.{Regex.Escape(key)}(?!\w)");

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Utc)?Now\b|\bDateTime\.Today\b|\bStopwatch\.(StartNew|GetTimestamp)\b")]
    private static partial Regex Clock();

    [GeneratedRegex(@"\bThread\.Sleep\b|\basync void\b")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"^\s*catch\s*$|\bcatch \(Exception( \w+)?\)\s*$", RegexOptions.Multiline)]
    private static partial Regex CatchAll();

    [GeneratedRegex(@"\b(FIXME|TODO|XXX)\b")]
    private static partial Regex Unfinished();

    [GeneratedRegex("""(?:Section|Text|Required|Span|Bytes|Number|Choice|Flag|List|File|Find|Set|SetPath)\("(?<key>[a-z_.]+)"|(?<=\[[^\]\n]*)"(?<key>[a-z_]+)"(?=[^\[\n]*\]\))|\("(?<key>[a-z_]+)", "[a-z]*"\)""")]
    private static partial Regex Key();
}
