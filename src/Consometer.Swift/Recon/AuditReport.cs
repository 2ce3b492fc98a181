using Consometer.Swift.Accounts;

namespace Consometer.Swift.Recon;

/// <summary>What an audit found.</summary>
/// <param name="RingMd5">The MD5 that the ring was wanted with.</param>
/// <param name="SwiftConfMd5">The MD5 that swift.conf was compared with; null if there was none to be had.</param>
/// <param name="Servers">Every server, in the order of the ring.</param>
public sealed record AuditReport(string RingMd5, string? SwiftConfMd5, IReadOnlyList<ServerFinding> Servers)
{
    /// <summary>How many servers have this verdict.</summary>
    public int Count(ServerVerdict verdict) => Servers.Count(server => server.Verdict == verdict);
}

/// <summary>What was found of one server.</summary>
public sealed record ServerFinding(Node Node, FileFinding Ring, FileFinding SwiftConf)
{
    /// <summary>A file that is wrong counts for more than one that nothing is known of.</summary>
    public ServerVerdict Verdict =>
        Ring.IsWrong || SwiftConf.IsWrong ? ServerVerdict.Differs
        : Ring.Verdict == FileVerdict.Silent || SwiftConf.Verdict == FileVerdict.Silent ? ServerVerdict.Silent
        : ServerVerdict.Agrees;
}

/// <summary>What a server has of one file.</summary>
/// <param name="Verdict">Against what was wanted.</param>
/// <param name="Md5">The MD5 it has; null if it gave none.</param>
/// <param name="Answer">What it said, or why it did not.</param>
public sealed record FileFinding(FileVerdict Verdict, string? Md5, ReconAnswer Answer)
{
    internal bool IsWrong => Verdict is FileVerdict.Differs or FileVerdict.NoSuchRing or FileVerdict.Unreadable;
}

/// <summary>A server against what was wanted. Its names are written into reports, in lower case.</summary>
public enum ServerVerdict
{
    /// <summary>Both files are as wanted.</summary>
    Agrees,

    /// <summary>A file is not as wanted, not there, or not readable.</summary>
    Differs,

    /// <summary>It did not say of one file at least, and nothing is wrong with the other.</summary>
    Silent,
}

/// <summary>A file on a server against what was wanted. Its names are written into reports, in snake case.</summary>
public enum FileVerdict
{
    /// <summary>It has the MD5 that was wanted.</summary>
    Agrees,

    /// <summary>It has another.</summary>
    Differs,

    /// <summary>The server lists no ring of that name. Of swift.conf never.</summary>
    NoSuchRing,

    /// <summary>The file is there, or should be, and the server cannot read it: it gives null for the MD5.</summary>
    Unreadable,

    /// <summary>The server did not say.</summary>
    Silent,
}
