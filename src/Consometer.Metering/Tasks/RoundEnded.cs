using System.Text.Json;
using Consometer.Metering.Rounds;

namespace Consometer.Metering.Tasks;

/// <summary>A shared round has ended: told to every daemon, so that each can show it.</summary>
/// <param name="Round">The round.</param>
/// <param name="Report">The tasks' reports, added up.</param>
/// <param name="Remarks">What there is to say of single accounts, some ten thousand at most: the report counts them all.</param>
public sealed record RoundEnded(RoundAttempt Round, RoundReport Report, IReadOnlyList<RoundRemark> Remarks)
{
    /// <summary>What is sent.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, TaskJson.Default.RoundEnded);

    /// <summary>Reads what <see cref="ToJson"/> made.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static RoundEnded FromJson(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, TaskJson.Default.RoundEnded) ?? throw new JsonException("null is no ended round");
}
