using System.Globalization;

namespace Consometer.Scenarios.Lab;

public enum AccountKind
{
    /// <summary>Swift has it.</summary>
    Measured,

    /// <summary>Swift never heard of it.</summary>
    Absent,

    /// <summary>Swift remembers that it is gone.</summary>
    Deleted,
}

/// <summary>A line of the lab's truth.tsv: a project, and what its account holds.</summary>
internal sealed record AccountTruth(string ProjectId, AccountKind Kind, long Containers, long Objects, long Bytes)
{
    public string Account => "AUTH_" + ProjectId;

    /// <summary>The figures a round owes this account: of a deleted one none.</summary>
    public IEnumerable<Figure> Figures => Kind == AccountKind.Deleted
        ? []
        :
        [
            new Figure(ProjectId, "storage.objects", Objects),
            new Figure(ProjectId, "storage.objects.size", Bytes),
            new Figure(ProjectId, "storage.objects.containers", Containers),
        ];

    /// <summary>No quoting: a tab or a line feed is the only thing that no project id has.</summary>
    public static AccountTruth[] ReadAll() =>
        [.. File.ReadAllText(Path.Combine(RealSwift.Folder, "truth.tsv")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(Parse)];

    private static AccountTruth Parse(string line)
    {
        var fields = line.Split('\t');
        long Number(int field) => long.Parse(fields[field], CultureInfo.InvariantCulture);
        return new AccountTruth(fields[0], Enum.Parse<AccountKind>(fields[1], ignoreCase: true), Number(2), Number(3), Number(4));
    }
}
