namespace Consometer.Metering.Requests;

/// <summary>What became of the lines of a log, and of the requests in it. Written by one thread, read by any.</summary>
public sealed class LineCounts
{
    /// <summary>Requests of clients, of accounts that are metered.</summary>
    public long Counted { get; internal set; }

    /// <summary>Requests that middleware made for a client's, or Swift's own daemons; no client's.</summary>
    public long Internal { get; internal set; }

    /// <summary>Requests that were refused before anybody looked into the account.</summary>
    public long Refused { get; internal set; }

    /// <summary>Requests of clients that name no account with a prefix that is known.</summary>
    public long Unattributed { get; internal set; }

    /// <summary>Bytes in their bodies, both ways.</summary>
    public long UnattributedBytes { get; internal set; }

    /// <summary>Lines with names or addresses that the proxy was told to hide.</summary>
    public long Anonymised { get; internal set; }

    /// <summary>Other messages in the same log.</summary>
    public long Other { get; internal set; }

    /// <summary>Access lines that could not be read.</summary>
    public long Unreadable { get; internal set; }

    /// <summary>Requests counted in a later interval, since their own was closed. They are among those counted.</summary>
    public long Late { get; internal set; }

    /// <summary>Operations counted with their account, since there were too many containers.</summary>
    public long Folded { get; internal set; }
}
