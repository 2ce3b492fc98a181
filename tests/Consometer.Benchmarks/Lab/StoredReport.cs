using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Consometer.Benchmarks.Lab;

/// <summary>What the report of a round says, as far as it is wanted here.</summary>
internal sealed record StoredReport(
    double Seconds, double ListingSeconds, long Accounts, long Measured, long Absent, long Deleted, long Samples, IReadOnlyList<StoredNode> Nodes)
{
    /// <summary>Sent to all servers.</summary>
    public long Requests => Nodes.Sum(node => node.Requests);

    /// <summary>The report of the last round in a store.</summary>
    public static StoredReport Last(string store)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = store, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT report FROM round ORDER BY id DESC LIMIT 1";
        return JsonSerializer.Deserialize<StoredReport>((string)command.ExecuteScalar()!, LabRepetition.Json)!;
    }
}

/// <summary>What it says of a server.</summary>
internal sealed record StoredNode(string Node, long Requests);
