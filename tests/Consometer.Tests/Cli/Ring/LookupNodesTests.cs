using System.Text.Json;

namespace Consometer.Tests.Cli.Ring;

/// <summary><c>ring lookup</c> of accounts, containers and objects against the real <c>swift-get-nodes</c> (<c>fixtures/get-nodes</c>).</summary>
public sealed class LookupNodesTests : IDisposable
{
    private static readonly string[] Hash = ["--hash-prefix", "lab-prefix", "--hash-suffix", "lab-suffix"];

    private static readonly JsonElement Answers = JsonDocument.Parse(File.ReadAllBytes(Fixtures.Find("get-nodes", "nodes.json"))).RootElement;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<int> Indices() => [.. Enumerable.Range(0, Answers.GetArrayLength())];

    /// <summary>Hash, partition, and every command to be pasted, to the letter.</summary>
    [Theory]
    [MemberData(nameof(Indices))]
    public async Task What_is_printed_to_be_pasted_is_what_swift_get_nodes_prints(int index)
    {
        var (file, target, lines) = Read(Answers[index]);

        var run = await ConsometerProgram.RunAsync(["ring", "lookup", file, target, .. Hash]);

        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        var printed = run.Output.Split('\n');
        Assert.Equal(lines.Where(IsCommand), printed.Where(IsCommand));
        Assert.Contains(Value("Hash", lines), printed.Single(line => line.StartsWith("hash ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal($"partition  {Value("Partition", lines)}", printed.Single(line => line.StartsWith("partition ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Json_has_the_same_commands()
    {
        var (file, target, lines) = Read(Answers.EnumerateArray().First(answer => answer.GetProperty("file").GetString() == "object-1.ring.gz"));
        var commands = lines.Where(IsCommand).Select(line => line.Replace(" # [Handoff]", "", StringComparison.Ordinal)).ToArray();

        var run = await ConsometerProgram.RunAsync(["ring", "lookup", file, target, "--format", "json", .. Hash]);

        var found = Assert.Single(JsonDocument.Parse(run.Output).RootElement.EnumerateArray());
        var devices = found.GetProperty("primaries").EnumerateArray().Concat(found.GetProperty("handoffs").EnumerateArray()).ToArray();
        Assert.Contains("X-Backend-Storage-Policy-Index: 1", commands[0], StringComparison.Ordinal);
        Assert.Equal(
            commands,
            devices.Select(Curl).Concat(devices.Select(device => $"ssh {device.GetProperty("ip").GetString()} \"ls -lah ${{DEVICE:-/srv/node*}}/{device.GetProperty("path").GetString()}\"")));
    }

    /// <summary>The policy is the object's: an account or a container has none, in whatever ring it is looked up.</summary>
    [Theory]
    [InlineData("AUTH_test", "/accounts/")]
    [InlineData("AUTH_test/photos", "/containers/")]
    public async Task An_account_or_container_has_no_policy(string target, string folder)
    {
        var file = _folder.Write("object-1.ring.gz", File.ReadAllBytes(Fixtures.Find("rings", "small.v1.ring.gz")));

        var run = await ConsometerProgram.RunAsync(["ring", "lookup", file, target, .. Hash]);

        Assert.Contains(folder, run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Policy", run.Output, StringComparison.Ordinal);
    }

    /// <summary>The ring says where accounts are; an object is looked up in it only by mistake.</summary>
    [Theory]
    [InlineData("account.ring.gz", "AUTH_test", "")]
    [InlineData("account.ring.gz", "AUTH_test/c/o", "is a ring of accounts by its name, and \"AUTH_test/c/o\" is an object")]
    [InlineData("object-1.ring.gz", "AUTH_test/c", "is a ring of objects by its name, and \"AUTH_test/c\" is a container")]
    [InlineData("copy.ring.gz", "AUTH_test/c/o", "")]
    public async Task A_ring_of_something_else_is_told(string name, string target, string warning)
    {
        var ring = _folder.Write(name, File.ReadAllBytes(Fixtures.Find("rings", "small.v1.ring.gz")));

        var run = await ConsometerProgram.RunAsync(["ring", "lookup", ring, target, "--format", "tsv", .. Hash]);

        Assert.Equal((ExitCode.Done, warning.Length == 0), (run.ExitCode, run.Error.Length == 0));
        Assert.Contains(warning, run.Error, StringComparison.Ordinal);
    }

    /// <summary>The hash of a name with a slash too many is that of nothing there is; nobody should go looking there.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("/AUTH_test")]
    [InlineData("AUTH_test/")]
    [InlineData("AUTH_test//o")]
    public async Task A_slash_too_many_is_refused(string target)
    {
        var run = await ConsometerProgram.RunAsync(["ring", "lookup", Fixtures.Find("rings", "small.v1.ring.gz"), target, .. Hash]);

        ConsometerProgram.AssertRefused(run, ExitCode.Configuration, $"wanted ACCOUNT, ACCOUNT/CONTAINER or ACCOUNT/CONTAINER/OBJECT, found \"{target}\"");
    }

    private (string File, string Target, string[] Lines) Read(JsonElement answer)
    {
        var ring = File.ReadAllBytes(Fixtures.Find("rings", $"{answer.GetProperty("ring").GetString()}.ring.gz"));
        return (
            _folder.Write(answer.GetProperty("file").GetString()!, ring),
            answer.GetProperty("target").GetString()!,
            answer.GetProperty("output").GetString()!.Split('\n'));
    }

    private static bool IsCommand(string line) => line.StartsWith("curl ", StringComparison.Ordinal) || line.StartsWith("ssh ", StringComparison.Ordinal);

    private static string Value(string name, string[] lines) => lines.Single(line => line.StartsWith(name, StringComparison.Ordinal)).Split('\t')[1];

    private static string Curl(JsonElement device) => device.GetProperty("curl").GetString()!;
}
