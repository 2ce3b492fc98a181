using System.Text.Json.Serialization;

namespace Consometer.Metering.Tasks;

/// <summary>One attempt at a round that several daemons share. A round that failed is attempted again; its samples have the same ids.</summary>
/// <param name="Id">Tells attempts at one round apart.</param>
/// <param name="Region">The region.</param>
/// <param name="Start">The start of the round's period.</param>
/// <param name="PeriodSeconds">How long the period is.</param>
public sealed record RoundAttempt(Guid Id, string Region, DateTimeOffset Start, long PeriodSeconds)
{
    /// <summary>The round's period.</summary>
    [JsonIgnore]
    public RoundTime Time => new(Start, TimeSpan.FromSeconds(PeriodSeconds));

    /// <summary>A new attempt at a round.</summary>
    public static RoundAttempt New(RoundTime time, string region) => new(Guid.NewGuid(), region, time.Start, (long)time.Period.TotalSeconds);
}
