using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Package;

/// <summary>
/// <c>Consometer.Rings</c> as others get it: packed, then used by a program outside the repository that has only the package. The
/// program is the example of the package's own README. It needs the SDK, and neither the lab nor a network.
/// </summary>
public sealed partial class RingsPackageTests : IDisposable
{
    private const string Id = "Consometer.Rings";
    private const int HandoffsShown = 3;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("consometer-package-");

    [Fact]
    public async Task The_package_has_the_library_its_documentation_and_no_dependency()
    {
        using var package = await PackAsync();

        Assert.Superset(
            new HashSet<string> { $"lib/net10.0/{Id}.dll", $"lib/net10.0/{Id}.xml", "README.md" },
            package.Entries.Select(entry => entry.FullName).ToHashSet());
        Assert.DoesNotContain(Repository.Root, Encoding.Latin1.GetString(Read(package, $"lib/net10.0/{Id}.dll")), StringComparison.Ordinal);
        AssertIsOfItsOwn(XDocument.Parse(Text(package, $"{Id}.nuspec")));

        using var symbols = ZipFile.OpenRead(Assert.Single(Directory.GetFiles(_folder.FullName, "*.snupkg")));
        Assert.Contains(symbols.Entries, entry => entry.FullName == $"lib/net10.0/{Id}.pdb");
    }

    [Fact]
    public async Task The_example_of_its_README_says_what_Swift_says()
    {
        using var package = await PackAsync();
        var truth = Truth();
        WriteProgram(Example().Match(Text(package, "README.md")).Groups["code"].Value);

        await DotNetAsync("build", In("Example.csproj"), "--output", In("out"));
        var run = await DotNetAsync([In("out/Example.dll"), RingFixture("small.v1.ring.gz"), In("swift.conf"), .. truth.Keys]);

        Assert.Equal(truth.Values, run.OutputLines);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static void AssertIsOfItsOwn(XDocument nuspec)
    {
        XElement[] Find(string name) => [.. nuspec.Descendants().Where(element => element.Name.LocalName == name)];

        Assert.Equal(Id, Assert.Single(Find("id")).Value);
        Assert.Contains("ring", Assert.Single(Find("description")).Value, StringComparison.Ordinal);
        Assert.Equal("README.md", Assert.Single(Find("readme")).Value);
        Assert.Equal("net10.0", (string?)Assert.Single(Find("group")).Attribute("targetFramework"));
        Assert.Empty(Find("dependency"));
    }

    /// <summary>What Swift's own Ring says of every account of the fixture, in the example's words.</summary>
    private static Dictionary<string, string> Truth()
    {
        var lines = File.ReadLines(RingFixture("small.v1.truth.tsv")).Skip(1).Select(line => line.Split('\t')).ToArray();
        Assert.NotEmpty(lines);
        return lines.ToDictionary(
            line => line[0],
            line => $"{line[0]}: partition {line[1]}, on {line[2]}, then {string.Join(',', line[3].Split(',').Take(HandoffsShown))}");
    }

    /// <summary>A console project whose only source of packages is the folder, beside the configuration that the fixture was made with.</summary>
    private void WriteProgram(string example)
    {
        Assert.InRange(example.Count(c => c == '\n'), 5, 15);
        Write("Program.cs", example);
        Write("Example.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{Id}" Version="*" />
              </ItemGroup>
            </Project>
            """);
        Write("NuGet.config", """
            <configuration>
              <packageSources><clear /><add key="here" value="." /></packageSources>
              <packageSourceMapping><clear /></packageSourceMapping>
              <auditSources><clear /></auditSources>
              <fallbackPackageFolders><clear /></fallbackPackageFolders>
            </configuration>
            """);
        using var hash = JsonDocument.Parse(File.ReadAllText(RingFixture("hash.json")));
        Write("swift.conf", string.Join('\n', hash.RootElement.EnumerateObject().Select(value => $"{value.Name} = {value.Value}").Prepend("[swift-hash]")));
    }

    private static string RingFixture(string name) => Path.Combine(Repository.Root, "fixtures/rings", name);

    private static byte[] Read(ZipArchive package, string name)
    {
        using var entry = package.GetEntry(name)!.Open();
        using var bytes = new MemoryStream();
        entry.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static string Text(ZipArchive package, string name) => Encoding.UTF8.GetString(Read(package, name)).TrimStart('\ufeff');

    private string In(string name) => Path.Combine(_folder.FullName, name);

    private void Write(string name, string text) => File.WriteAllText(In(name), text);

    /// <summary>Packs what the build left: these tests drive that, and do not build it again.</summary>
    private async Task<ZipArchive> PackAsync()
    {
        await DotNetAsync("pack", Path.Combine(Repository.Root, "src", Id), "--configuration", "Release", "--no-build", "--output", _folder.FullName);
        return ZipFile.OpenRead(Assert.Single(Directory.GetFiles(_folder.FullName, "*.nupkg")));
    }

    /// <summary>Runs dotnet with a package cache of its own and no server left behind.</summary>
    private async Task<ProgramRun> DotNetAsync(params string[] arguments)
    {
        var run = await Programs.OtherAsync("dotnet", arguments, environment: new Dictionary<string, string>
        {
            ["NUGET_PACKAGES"] = In("packages"),
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["UseSharedCompilation"] = "false",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_NOLOGO"] = "1",
        });
        Assert.True(run.ExitCode == 0, $"dotnet {arguments[0]} ended with {run.ExitCode}: {run.Output}{run.Errors}");
        return run;
    }

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
