using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Poll;

/// <summary>Accounts from elsewhere than Keystone. All of the lab's, so the odd ids too.</summary>
public sealed class NamedAccountTests(RealSwift lab) : LabTest(lab)
{
    /// <summary>Nothing listens there: whoever asks Keystone all the same fails.</summary>
    private static readonly LabConfiguration WithoutKeystone = new() { KeystoneUri = "http://127.0.0.1:1" };

    private string Projects => string.Concat(Truth.Select(account => account.ProjectId + "\n"));

    private string Accounts => string.Concat(Truth.Select(account => account.Account + "\n"));

    [Fact]
    public async Task Projects_come_from_a_file()
    {
        Folder.Write("projects.txt", Projects);
        var samples = await SamplesAsync(WithoutKeystone with { Projects = "source: file, file: projects.txt" });
        Figure.AssertSame(AllFigures, samples.Select(sample => sample.Figure));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Accounts_come_from_standard_input_as_projects_or_by_full_name(bool fullNames)
    {
        var samples = await SamplesAsync(WithoutKeystone, ["--accounts-file", "-"], fullNames ? Accounts : Projects);
        Figure.AssertSame(AllFigures, samples.Select(sample => sample.Figure));
    }

    [Fact]
    public async Task Accounts_come_from_the_command_line()
    {
        var odd = Truth.Where(account => !Guid.TryParseExact(account.ProjectId, "N", out _)).ToArray();
        Assert.NotEmpty(odd);
        AccountTruth[] some = [.. odd, Truth.First(account => account.Kind == AccountKind.Absent)];

        var names = some.Select((account, i) => i % 2 == 0 ? account.Account : account.ProjectId);
        var samples = await SamplesAsync(WithoutKeystone, [.. names.SelectMany(name => new[] { "--account", name })]);

        Figure.AssertSame(some.SelectMany(account => account.Figures), samples.Select(sample => sample.Figure));
    }
}
