using System.Diagnostics;
using System.Text.Json;
using Consometer.Rings;

namespace Consometer.Swift.Accounts;

/// <summary>What one replica of an account said, or why it said nothing. Closed: these four and no other.</summary>
public abstract record ReplicaReading
{
    private ReplicaReading(Device device) => Device = device;

    /// <summary>The device that was asked.</summary>
    public Device Device { get; }

    /// <summary>It holds the account, and these are its counts.</summary>
    public sealed record Answered(Device Device, AccountUsage Usage) : ReplicaReading(Device);

    /// <summary>It holds the account as deleted: 404 with <c>X-Account-Status: Deleted</c>.</summary>
    public sealed record Deleted(Device Device) : ReplicaReading(Device);

    /// <summary>It does not hold the account: a plain 404. Normal for a new or rebuilt disk, so never a count of zero.</summary>
    public sealed record Missing(Device Device) : ReplicaReading(Device);

    /// <summary>It cannot tell.</summary>
    public sealed record Unavailable(Device Device, Unavailability Reason) : ReplicaReading(Device)
    {
        /// <summary>It was not asked, because its server kept failing: the reason is what that server suffered from.</summary>
        public bool IsSetAside { get; init; }
    }
}

/// <summary>The words for readings in reports and in the store; who reads those relies on them.</summary>
public static class ReadingWords
{
    private static readonly string[] Words = [.. Enum.GetNames<Unavailability>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    /// <summary>The words of all reasons.</summary>
    public static IReadOnlyList<string> OfReasons => Words;

    /// <summary>Of a reading: <c>answered</c>, <c>deleted</c>, <c>missing</c>, or why it could not tell.</summary>
    public static string Word(this ReplicaReading reading) => reading switch
    {
        ReplicaReading.Answered => "answered",
        ReplicaReading.Deleted => "deleted",
        ReplicaReading.Missing => "missing",
        ReplicaReading.Unavailable unavailable => unavailable.Reason.Word() + (unavailable.IsSetAside ? " (set aside)" : ""),
        _ => throw new UnreachableException(),
    };

    /// <summary>Of a reason: its name in snake case, e.g. <c>timed_out</c>.</summary>
    public static string Word(this Unavailability reason) => Words[(int)reason];
}

/// <summary>Why a replica, or its server, could not tell. Its names are written into reports and the store, in snake case.</summary>
public enum Unavailability
{
    /// <summary>No connection: refused, no route, no such host.</summary>
    Unreachable,

    /// <summary>No connection within <c>swift.conn_timeout</c>.</summary>
    ConnectTimedOut,

    /// <summary>A connection, but no answer within <c>swift.node_timeout</c>.</summary>
    TimedOut,

    /// <summary>The connection broke before the answer was there, or what came is not HTTP.</summary>
    ConnectionLost,

    /// <summary>507: the device is not mounted, or not there.</summary>
    Unmounted,

    /// <summary>529: the server limits its requests per device; of a proxy 429 and 498 too.</summary>
    RateLimited,

    /// <summary>Another 5xx: the server failed, often on a locked or corrupt database.</summary>
    ServerError,

    /// <summary>A status that a server of Swift does not give to what was asked; or a name that the proxy would take for another.</summary>
    UnexpectedStatus,

    /// <summary>401 of the proxy, with a token that was got just for that.</summary>
    Unauthorized,

    /// <summary>
    /// 403 of the proxy: the user has neither its <c>reseller_admin_role</c> nor one of its <c>system_reader_roles</c>
    /// (<c>swift/common/middleware/keystoneauth.py</c>).
    /// </summary>
    Forbidden,

    /// <summary>Keystone gave no token for the proxy, or does not tell where it is.</summary>
    KeystoneFailed,

    /// <summary>A good status without the three counts: what answers there may be no account-server.</summary>
    CountsMissing,

    /// <summary>
    /// A good status with counts that are none (negative, not a number, twice), or with something else that makes no sense; of recon,
    /// without MD5s.
    /// </summary>
    MalformedAnswer,

    /// <summary>There is no replica to ask: the ring has no device for the partition.</summary>
    Unassigned,

    /// <summary>It was not asked: the round's time was over.</summary>
    OutOfTime,
}
