using System.Text.Json;

namespace Consometer.Scenarios.Run;

/// <summary>The report of a round that has ended, as the store has it.</summary>
/// <param name="Time">The start of the round's period.</param>
/// <param name="State">How the round is kept.</param>
/// <param name="Json">The report.</param>
internal sealed record StoredReport(DateTimeOffset Time, string State, string Json)
{
    private readonly JsonElement _report = JsonElement.Parse(Json);

    /// <summary>How long the round took.</summary>
    public double Seconds => _report.GetProperty("seconds").GetDouble();

    public long Unknown => Count("unknown");

    /// <summary>What daemons did a round's tasks; empty of a round that one daemon did alone.</summary>
    public StoredWorker[] Workers =>
    [
        .. _report.GetProperty("workers").EnumerateArray()
            .Select(worker => new StoredWorker(worker.GetProperty("worker").GetString()!, worker.GetProperty("accounts").GetInt64(), worker.GetProperty("ring_md5").GetString())),
    ];

    /// <summary>One of its numbers, by its key.</summary>
    public long Count(string key) => _report.GetProperty(key).GetInt64();

    /// <summary>One of the numbers of its tasks.</summary>
    public long Tasks(string key) => _report.GetProperty("tasks").GetProperty(key).GetInt64();

    /// <summary>Its unknown accounts with this reason.</summary>
    public long UnknownBy(string reason) => _report.GetProperty("unknown_by_reason").TryGetProperty(reason, out var count) ? count.GetInt64() : 0;
}

/// <summary>What one daemon did of a shared round.</summary>
/// <param name="Worker">Its name.</param>
/// <param name="Accounts">Accounts in the tasks that it did.</param>
/// <param name="RingMd5">The MD5 of its ring.</param>
internal sealed record StoredWorker(string Worker, long Accounts, string? RingMd5);
