namespace Consometer.Metering.Requests.Sources;

/// <summary>What happens to the source of an access log, for whoever tells the operator. Told by the reader itself: who is told must not make it wait.</summary>
public abstract record LogSourceNews
{
    /// <summary>The log is not there (yet). It is waited for.</summary>
    /// <param name="Reason">What was found instead.</param>
    public sealed record Missing(string Reason) : LogSourceNews;

    /// <summary>The log is there, after it was missing or could not be read.</summary>
    public sealed record Found : LogSourceNews;

    /// <summary>The log was rotated, and another file of it is read now.</summary>
    /// <param name="From">The file read before, by the name it had then.</param>
    /// <param name="To">The file read from now on.</param>
    public sealed record Rotated(string From, string To) : LogSourceNews;

    /// <summary>The file was cut while it was read. What was not read yet is looked for in its copies: <see cref="Rotated"/> or <see cref="Lost"/> follows.</summary>
    /// <param name="Offset">Bytes that were read of it.</param>
    public sealed record Truncated(long Offset) : LogSourceNews;

    /// <summary>What was not read yet of the log, or of one file of it, is in no file that is left: nobody knows how much. Reading goes on with the next file.</summary>
    /// <param name="Offset">Bytes that were read of the file.</param>
    public sealed record Lost(long Offset) : LogSourceNews;

    /// <summary>A line was dropped because it is longer than any request makes it.</summary>
    /// <param name="Offset">Where in its file it begins; 0 for a datagram.</param>
    public sealed record LineTooLong(long Offset) : LogSourceNews;

    /// <summary>A file cannot be read. It is tried again.</summary>
    /// <param name="Reason">Which one, and why.</param>
    public sealed record Unreadable(string Reason) : LogSourceNews;
}
