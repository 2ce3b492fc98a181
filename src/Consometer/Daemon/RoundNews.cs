using Consometer.Metering;
using Consometer.Metering.Rounds;

namespace Consometer.Daemon;

/// <summary>What happens to the daemon's rounds, for whoever tells the operator. Told in order, by the loop itself: who is told must not make it wait.</summary>
/// <param name="Time">The round's period.</param>
internal abstract record RoundNews(RoundTime Time)
{
    /// <summary>Periods before this one passed without a round of their own.</summary>
    public sealed record Missed(RoundTime Time, int Periods) : RoundNews(Time);

    /// <summary>A round begins.</summary>
    public sealed record Begun(RoundTime Time) : RoundNews(Time);

    /// <summary>A round has ended, and is in the store; good or not, as the report says.</summary>
    /// <param name="Time">The round's period.</param>
    /// <param name="Report">How it went.</param>
    /// <param name="Withheld">Samples that no consumer could read.</param>
    public sealed record Ended(RoundTime Time, RoundReport Report, int Withheld) : RoundNews(Time);

    /// <summary>A round came to nothing for something that is the operator's to mend.</summary>
    public sealed record Failed(RoundTime Time, string Reason) : RoundNews(Time)
    {
        /// <summary>Whether it is the store that failed, or is full.</summary>
        public bool IsOfStore { get; init; }
    }

    /// <summary>A round was stopped before its end, and left nothing.</summary>
    public sealed record Stopped(RoundTime Time) : RoundNews(Time);

    /// <summary>Nothing is done for so long at most.</summary>
    public sealed record Waiting(RoundTime Time, TimeSpan Wait) : RoundNews(Time);
}
