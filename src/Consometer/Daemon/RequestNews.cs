using Consometer.Metering;
using Consometer.Metering.Requests.Sources;

namespace Consometer.Daemon;

/// <summary>What happens to the counting of requests, for whoever tells the operator. Told in order, by the loop itself: who is told must not make it wait.</summary>
internal abstract record RequestNews
{
    private RequestNews()
    {
    }

    /// <summary>The log is read from now on.</summary>
    /// <param name="Log">The log.</param>
    /// <param name="From">How far it was read before, in bytes; null if it was not, or is such as cannot be read again.</param>
    public sealed record Begun(string Log, long? From) : RequestNews;

    /// <summary>Something happened to the log.</summary>
    public sealed record OfLog(string Log, LogSourceNews News) : RequestNews;

    /// <summary>An interval is complete.</summary>
    /// <param name="Interval">The interval.</param>
    /// <param name="Samples">How many samples were made of it.</param>
    /// <param name="Withheld">How many of them no consumer could read.</param>
    public sealed record Closed(RoundTime Interval, int Samples, int Withheld) : RequestNews;

    /// <summary>The store does not take what was counted. It is kept in memory, and tried again.</summary>
    public sealed record Failed(string Reason) : RequestNews;

    /// <summary>The store takes it again.</summary>
    public sealed record Recovered : RequestNews;

    /// <summary>Since it was told last there were lines that could not be read.</summary>
    /// <param name="Lines">How many.</param>
    /// <param name="Sample">One of them, or the beginning of it.</param>
    public sealed record Unreadable(long Lines, string Sample) : RequestNews;

    /// <summary>Since it was told last there were requests that are in nobody's figures.</summary>
    /// <param name="Requests">How many.</param>
    /// <param name="Reason">Why.</param>
    public sealed record Uncounted(long Requests, string Reason) : RequestNews;
}
