using System.Diagnostics;
using Consometer.Swift.Accounts;

namespace Consometer.Swift.Proxy;

/// <summary>What the proxy said of an account, or why it said nothing. Closed: these four and no other.</summary>
public abstract record ProxyReading
{
    private ProxyReading()
    {
    }

    /// <summary>A replica that it asked holds the account, and these are its counts.</summary>
    public sealed record Answered(AccountUsage Usage) : ProxyReading;

    /// <summary>No replica that it asked has figures: a 404, or in its place the empty account that it makes up where it makes accounts by itself.</summary>
    /// <remarks>Replicas that could not be asked may have them: the proxy passes over some of those.</remarks>
    public sealed record Absent : ProxyReading;

    /// <summary>It is deleted, and not yet reaped: 410.</summary>
    public sealed record Deleted : ProxyReading;

    /// <summary>It cannot tell, or may not.</summary>
    public sealed record Unavailable(Unavailability Reason) : ProxyReading;

    /// <summary>For reports and the store: <c>answered</c>, <c>absent</c>, <c>deleted</c>, or why it could not tell.</summary>
    public string Word => this switch
    {
        Answered => "answered",
        Absent => "absent",
        Deleted => "deleted",
        Unavailable unavailable => unavailable.Reason.Word(),
        _ => throw new UnreachableException(),
    };
}
