using Consometer.Scenarios.Lab;

namespace Consometer.Scenarios.Requests;

/// <summary>What a request does to objects, if it does.</summary>
internal enum Operation
{
    None,
    Upload,
    Download,
    Update,
    Delete,
}

/// <summary>Bytes that a request must add to its account. Some only curl, or the log, can tell.</summary>
/// <param name="Bytes">So many; null if that is told when the request has been made.</param>
internal readonly record struct Owed(long? Bytes)
{
    /// <summary>As curl counted the body that it sent.</summary>
    public static readonly Owed Sent = new(null);

    /// <summary>As curl counted the body that it got: for listings, and for errors, whose texts are Swift's own.</summary>
    public static readonly Owed Received = new(null);

    /// <summary>As Swift logged it: how far it had come when the client went away nobody else can tell.</summary>
    public static readonly Owed Logged = new(null);

    public static implicit operator Owed(long bytes) => new(bytes);
}

/// <summary>What is requested.</summary>
/// <param name="ProjectId">Whose it is.</param>
/// <param name="Path">The path and the query, as they are sent.</param>
internal sealed record Target(string ProjectId, string Path)
{
    /// <summary>The path alone, with nothing quoted: what a signature is of.</summary>
    public string Unquoted => Uri.UnescapeDataString(Path.Split('?')[0]);

    /// <summary>By Swift's API.</summary>
    public static Target Of(string projectId, string? container = null, string? name = null) =>
        new(projectId, "/v1/" + string.Join('/', new[] { "AUTH_" + projectId, container, name }.OfType<string>().Select(Uri.EscapeDataString)));

    public Target Query(string query) => this with { Path = $"{Path}?{query}" };
}

/// <summary>One line of the day: a request, and what it must add to the meters.</summary>
/// <param name="What">What it is, for a reader and a failure's message.</param>
/// <param name="From">The address from which it comes.</param>
/// <param name="Method">Its method.</param>
/// <param name="Target">What it is sent to.</param>
/// <param name="Status">How it must be answered.</param>
/// <param name="In">To its account's incoming bytes.</param>
/// <param name="Out">To its account's outgoing bytes.</param>
/// <param name="Operation">As what it counts.</param>
/// <param name="Container">Whose operation that is. A download's size is what went out, every other one's what came in.</param>
/// <param name="Curl">More for curl.</param>
internal sealed record DayRequest(
    string What, string From, string Method, Target Target, int Status, Owed In, Owed Out, Operation Operation, string? Container, params string[] Curl)
{
    /// <summary>Whom it counts for, where that is not the target's.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The client goes away when it has sent, or received, so many bytes of the body.</summary>
    public int? AbortedAfter { get; init; }

    /// <summary>The token that it has; null for the one that everybody has, empty for none.</summary>
    public string? Token { get; init; }

    /// <summary>The network that its address is of.</summary>
    public string Network { get; init; } = From == ScriptedDay.Outside ? "external" : "internal";

    public string Url => LoggedProxy.Url + Target.Path;
}
