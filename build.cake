// The one entry point for people and CI alike: ./build.sh TARGET. See README.md.
using System.Xml.Linq;

var target = Argument("target", "Build");
const string Configuration = "Release";
const string Program = "src/Consometer/bin/Release/net10.0/consometer";
var artifacts = Directory("artifacts");
var published = artifacts + Directory("linux-x64");

Task("Build")
    .Description("Builds everything; warnings are errors.")
    .Does(() => Compile("Consometer.slnx"));

Task("Test")
    .Description("Runs the tests, then the scenarios on a real Swift where one can be started.")
    .IsDependentOn("Build")
    .Does(() =>
    {
        EnsureDirectoryExists(artifacts);
        var totals = new[] { "Consometer.Tests", "Consometer.Scenarios" }.Select(RunTests).ToArray();
        var (passed, failed, skipped) = (totals.Sum(t => t.Passed), totals.Sum(t => t.Failed), totals.Sum(t => t.Skipped));

        // build.sh prints this last, after Cake's own words.
        System.IO.File.WriteAllText(artifacts + File("totals.txt"), $"{passed} passed, {failed} failed, {skipped} skipped\n");
        if (failed > 0 || passed == 0)
        {
            throw new CakeException("the tests failed");
        }
    });

Task("Demo")
    .Description("A small Swift in a box, and one round over it.")
    .Does(() =>
    {
        Compile("src/Consometer/Consometer.csproj");
        Run(Program, HasArgument("stay") ? "demo --stay" : "demo");
    });

Task("Lab")
    .Description("Starts a real Swift and Keystone on this machine, with accounts in it.")
    .Does(() =>
    {
        Run("tests/lab/up", "");
        Run("tests/lab/populate", Argument("accounts", "600"));
    });

Task("Bench")
    .Description("Prints the benchmarks' ratios; takes the lab for what needs one.")
    .IsDependentOn("Build")
    .IsDependentOn("Publish")
    .Does(() => Run("tests/Consometer.Benchmarks/bin/Release/net10.0/Consometer.Benchmarks", ""));

Task("Publish")
    .Description("Makes a program that needs no .NET on the machine it runs on, and a tar.gz of all that lands on a host.")
    .Does(() =>
    {
        // Neither what another version left may go into the package, nor what was compiled with other settings into the program.
        CleanDirectory(published);
        CleanDirectories("src/*/obj/Release/net10.0/linux-x64");
        DotNetPublish("src/Consometer/Consometer.csproj", new DotNetPublishSettings
        {
            Configuration = Configuration,
            Runtime = "linux-x64",
            SelfContained = true,
            PublishSingleFile = true,
            PublishReadyToRun = true,
            OutputDirectory = published,

            // .NET itself is compiled already: doing so again takes minutes, and 25 MB, to start a third of a second sooner. And whether the code is good is Build's business.
            MSBuildSettings = new DotNetMSBuildSettings().WithProperty("PublishReadyToRunComposite", "false").WithProperty("RunAnalyzers", "false"),
        });

        // For debuggers and editors; the program reads none of it.
        DeleteFiles($"{published}/*.{{pdb,xml}}");
        PackForHosts();
    });

Task("Pack")
    .Description("Makes a NuGet package of Consometer.Rings.")
    .Does(() => DotNetPack("src/Consometer.Rings/Consometer.Rings.csproj", new DotNetPackSettings
    {
        Configuration = Configuration,
        OutputDirectory = artifacts,
    }));

Task("Format")
    .Description("Formats the code.")
    .Does(() => Run("dotnet", "format Consometer.slnx"));

RunTarget(target);

void Compile(string path) =>
    DotNetBuild(path, new DotNetBuildSettings { Configuration = Configuration, Verbosity = DotNetVerbosity.Minimal, NoLogo = true });

void Run(string program, string arguments)
{
    if (StartProcess(program, new ProcessSettings { Arguments = arguments }) is var code and not 0)
    {
        throw new CakeException(code, $"{program} ended with {code}");
    }
}

// The program's files, etc/ and README.md. The same sources at the same place give the same bytes: no time, user or umask of the builder's.
void PackForHosts()
{
    var name = $"consometer-{XmlPeek("Directory.Build.props", "//Version")}";
    var folder = artifacts + Directory(name);
    CleanDirectory(folder);
    CopyDirectory(published, folder);
    CopyDirectory("etc", folder + Directory("etc"));
    CopyFileToDirectory("README.md", folder);
    Run("chmod", $"-R u=rwX,go=rX {folder}");
    Run("chmod", $"a-x {folder}/libe_sqlite3.so");
    Run("tar", $"--create --gzip --file {artifacts}/{name}-linux-x64.tar.gz --directory {artifacts} --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 {name}");
    DeleteDirectory(folder, new DeleteDirectorySettings { Recursive = true });
}

// A test project is a program. Its totals come from its own record, not from its words.
(int Passed, int Failed, int Skipped) RunTests(string project)
{
    var record = MakeAbsolute(artifacts + File($"{project}.xml"));
    if (FileExists(record))
    {
        DeleteFile(record);
    }

    StartProcess($"tests/{project}/bin/{Configuration}/net10.0/{project}", new ProcessSettings { Arguments = $"-noColor -xml \"{record.FullPath}\"" });
    if (!FileExists(record))
    {
        return (0, 1, 0);
    }

    var assemblies = XDocument.Load(record.FullPath).Descendants("assembly").ToArray();
    int Sum(string name) => assemblies.Sum(assembly => (int?)assembly.Attribute(name) ?? 0);
    return (Sum("passed"), Sum("failed") + Sum("errors"), Sum("skipped"));
}
