using static Consometer.Scenarios.Requests.Operation;
using static Consometer.Scenarios.Requests.Owed;

namespace Consometer.Scenarios.Requests;

/// <content>The table of the day, but for what is made of several objects, or signed: see <c>ScriptedDay.Large.cs</c>.</content>
internal sealed partial class ScriptedDay
{
    /// <summary>More than the sockets between proxy and client hold, so that a client that goes away is missed.</summary>
    private const int LargeBytes = 24 << 20;

    /// <summary>Containers, among them such as a path has to quote, and quote again in the log.</summary>
    private const string Photos = "photos";

    private const string Odd = "été 100% {ledger}";
    private const string Query = "a?b#c&d=e";
    private const string Escaped = "%41";
    private const string Dash = "-";

    /// <summary>Two accounts, of this day alone. One has a name that has to be quoted, too.</summary>
    public string First { get; } = Guid.NewGuid().ToString("N");

    public string Second { get; } = $"büro 100% {Guid.NewGuid():N}";

#pragma warning disable format // A table has columns.

    /// <summary>Containers, and objects into them.</summary>
    public IEnumerable<DayRequest> Uploads() =>
    [
        //  what                           from      method    target                              status   in       out     counts as
        new("key for signatures",          Inside,   "POST",   Target.Of(First),                      204, 0,        0,        None,     null,
            "-H", $"X-Account-Meta-Temp-URL-Key: {Key}"),
        .. new[] { Photos, Odd, Query, Escaped, Dash }.Select(container =>
        new DayRequest("container",        Inside,   "PUT",    Target.Of(First, container),           201, 0,        0,        None,     null)),
        new("container of the other",      Outside,  "PUT",    Target.Of(Second, Photos),             201, 0,        0,        None,     null),
        new("container again",             Outside,  "PUT",    Target.Of(First, Photos),              202, 0,        Received, None,     null),
        new("container's metadata",        Inside,   "POST",   Target.Of(First, Photos),              204, 0,        0,        None,     null,
            "-H", "X-Container-Meta-A: b"),
        new("upload",                      Inside,   "PUT",    Target.Of(First, Photos, "one"),       201, 1_000,    0,        Upload,   Photos, Body(1_000)),
        new("upload from outside",         Outside,  "PUT",    Target.Of(First, Photos, "two"),       201, 20_000,   0,        Upload,   Photos, Body(20_000)),
        new("upload over another",         Outside,  "PUT",    Target.Of(First, Photos, "two"),       201, 2_000,    0,        Upload,   Photos, Body(2_000)),
        new("upload of nothing",           Inside,   "PUT",    Target.Of(First, Photos, "empty"),     201, 0,        0,        Upload,   Photos, Body(0)),
        new("upload in chunks",            Outside,  "PUT",    Target.Of(First, Photos, "chunked"),   201, 70_000,   0,        Upload,   Photos,
            [.. Body(70_000), "-H", "Transfer-Encoding: chunked"]),
        new("upload, odd names",           Outside,  "PUT",    Target.Of(First, Odd, "naïve ☃ 漢字"),  201, 300,      0,        Upload,   Odd, Body(300)),
        new("upload, a query's names",     Outside,  "PUT",    Target.Of(First, Query, "what?x=1"),   201, 301,      0,        Upload,   Query, Body(301)),
        new("upload, names as escapes",    Inside,   "PUT",    Target.Of(First, Escaped, "%2F/a//b"), 201, 302,      0,        Upload,   Escaped, Body(302)),
        new("upload, names as nothing",    Inside,   "PUT",    Target.Of(First, Dash, Dash),          201, 303,      0,        Upload,   Dash, Body(303)),
        new("upload, the other",           Outside,  "PUT",    Target.Of(Second, Photos, "one"),      201, 5_000,    0,        Upload,   Photos, Body(5_000)),
        new("upload, of another version",  Inside,   "PUT",    OtherVersion(Target.Of(First, Odd, "v")), 201, 304,   0,        Upload,   Odd, Body(304)),
    ];

    /// <summary>What else is done with them, from whatever network.</summary>
    public IEnumerable<DayRequest> Downloads() =>
    [
        new("download",                    Inside,   "GET",    Target.Of(First, Photos, "one"),       200, 0,        1_000,    Download, Photos),
        new("download from outside",       Outside,  "GET",    Target.Of(First, Odd, "naïve ☃ 漢字"),  200, 0,        300,      Download, Odd),
        new("download, a query's names",   Inside,   "GET",    Target.Of(First, Query, "what?x=1"),   200, 0,        301,      Download, Query),
        new("download, names as escapes",  Outside,  "GET",    Target.Of(First, Escaped, "%2F/a//b"), 200, 0,        302,      Download, Escaped),
        new("download, the other",         Inside,   "GET",    Target.Of(Second, Photos, "one"),      200, 0,        5_000,    Download, Photos),
        new("range",                       Outside,  "GET",    Target.Of(First, Photos, "two"),       206, 0,        10,       Download, Photos, "-r", "5-14"),
        new("ranges",                      Outside,  "GET",    Target.Of(First, Photos, "two"),       206, 0,        Received, Download, Photos, "-r", "0-9,100-199"),
        new("head",                        Inside,   "HEAD",   Target.Of(First, Photos, "one"),       200, 0,        0,        None,     null),
        new("download, not modified",      Inside,   "GET",    Target.Of(First, Photos, "one"),       304, 0,        0,        None,     null,
            "-H", "If-Modified-Since: Tue, 01 Jan 2075 00:00:00 GMT"),
        new("object's metadata",           Outside,  "POST",   Target.Of(First, Photos, "one"),       202, 0,        Received, Update,   Photos,
            "-H", "X-Object-Meta-A: b"),
        new("delete",                      Inside,   "DELETE", Target.Of(First, Photos, "empty"),     204, 0,        0,        Delete,   Photos),
        new("delete from outside",         Outside,  "DELETE", Target.Of(First, Escaped, "%2F/a//b"), 204, 0,        0,        Delete,   Escaped),
        new("says it is inside",           Outside,  "GET",    Target.Of(First, Photos, "one"),       200, 0,        1_000,    Download, Photos,
            "-H", $"X-Forwarded-For: {Inside}"),
        new("balanced, from inside",       Balancer, "GET",    Target.Of(First, Photos, "one"),       200, 0,        1_000,    Download, Photos,
            "-H", $"X-Forwarded-For: {Inside}"),
        new("balanced, from outside",      Balancer, "GET",    Target.Of(First, Photos, "one"),       200, 0,        1_000,    Download, Photos,
            "-H", $"X-Forwarded-For: {Outside}") { Network = "external" },
    ];

    /// <summary>Copies, links and listings.</summary>
    public IEnumerable<DayRequest> Copies() =>
    [
        new("copy",                        Inside,   "COPY",   Target.Of(First, Photos, "one"),       201, 0,        0,        Upload,   Odd,
            "-H", $"Destination: {Uri.EscapeDataString(Odd)}/copy"),
        new("copy to the other",           Outside,  "COPY",   Target.Of(First, Photos, "one"),       201, 0,        0,        Upload,   Photos,
            "-H", $"Destination: {Photos}/copy", "-H", $"Destination-Account: AUTH_{Uri.EscapeDataString(Second)}") { ProjectId = Second },
        new("copy by upload",              Outside,  "PUT",    Target.Of(First, Dash, "copy"),        201, 0,        0,        Upload,   Dash,
            [.. Body(0), "-H", $"X-Copy-From: {Photos}/one"]),
        new("copy of nothing",             Inside,   "COPY",   Target.Of(First, Photos, "none"),      404, 0,        Received, None,     null,
            "-H", $"Destination: {Photos}/copy"),
        new("link",                        Inside,   "PUT",    Target.Of(First, Dash, "link"),        201, 0,        0,        Upload,   Dash,
            [.. Body(0), "-H", $"X-Symlink-Target: {Photos}/one"]),
        new("download by link",            Outside,  "GET",    Target.Of(First, Dash, "link"),        200, 0,        1_000,    Download, Dash),
        new("account's listing",           Outside,  "GET",    Target.Of(First),                      200, 0,        Received, None,     null),
        new("listing",                     Inside,   "GET",    Target.Of(First, Photos).Query("format=json&limit=2"), 200, 0, Received, None, null),
        new("listing, odd name",           Outside,  "GET",    Target.Of(First, Odd),                 200, 0,        Received, None,     null),
        new("listing of nothing",          Inside,   "GET",    Target.Of(First, Escaped),             204, 0,        0,        None,     null),
        new("account's head",              Inside,   "HEAD",   Target.Of(First),                      204, 0,        0,        None,     null),
        new("delete of a container",       Inside,   "DELETE", Target.Of(First, Escaped),             204, 0,        0,        None,     null),
        new("delete of a full container",  Inside,   "DELETE", Target.Of(First, Photos),              409, 0,        Received, None,     null),
    ];

    /// <summary>What is refused, or goes wrong. Where nobody looked into the account, nothing counts.</summary>
    public IEnumerable<DayRequest> Failures() =>
    [
        new("nothing there",               Outside,  "GET",    Target.Of(First, Photos, "none"),      404, 0,        Received, None,     null),
        new("delete of nothing",           Outside,  "DELETE", Target.Of(First, Photos, "none"),      404, 0,        Received, None,     null),
        new("metadata of nothing",         Outside,  "POST",   Target.Of(First, Photos, "none"),      404, 0,        Received, None,     null),
        new("upload to no container",      Outside,  "PUT",    Target.Of(First, "none", "one"),       404, 0,        Received, None,     null, Body(400)),
        new("range beyond the end",        Outside,  "GET",    Target.Of(First, Photos, "one"),       416, 0,        Received, None,     null, "-r", "5000-6000"),
        new("wrong checksum",              Outside,  "PUT",    Target.Of(First, Photos, "wrong"),     422, 500,      Received, None,     null,
            [.. Body(500), "-H", "ETag: 00000000000000000000000000000000"]),
        new("no token",                    Outside,  "GET",    Target.Of(First, Photos, "one"),       401, 0,        0,        None,     null) { Token = "" },
        new("no token, upload",            Outside,  "PUT",    Target.Of(First, Photos, "one"),       401, 0,        0,        None,     null, Body(600)) { Token = "" },
        new("no token, no such account",   Outside,  "GET",    Target.Of("stranger", "any"),          401, 0,        0,        None,     null) { Token = "" },
        new("no right",                    Outside,  "GET",    Target.Of(First, Photos, "one"),       403, 0,        0,        None,     null) { Token = _strangersToken },
        new("no right, upload",            Inside,   "PUT",    Target.Of(Second, Photos, "one"),      403, 0,        0,        None,     null,
            Body(601)) { Token = _strangersToken },
        new("no such method",              Outside,  "PATCH",  Target.Of(First, Photos, "one"),       405, 0,        0,        None,     null),
        new("condition",                   Outside,  "GET",    Target.Of(First, Photos, "one"),       412, 0,        0,        None,     null, "-H", "If-Match: other"),
        new("no text",                     Outside,  "GET",    Target.Of(First) with { Path = Target.Of(First).Path + "/%FF" }, 412, 0, 0, None, null),
        new("upload, aborted",             Outside,  "PUT",    Target.Of(First, Photos, "aborted"),   499, Logged,   Logged,   None,     null) { AbortedAfter = 30_000 },
        new("large upload",                Inside,   "PUT",    Target.Of(First, Photos, "large"),     201, LargeBytes, 0,      Upload,   Photos, Body(LargeBytes)),
        new("download, aborted",           Outside,  "GET",    Target.Of(First, Photos, "large"),     499, Logged,   Logged,   None,     null) { AbortedAfter = 100_000 },
        new("delete of the large one",     Inside,   "DELETE", Target.Of(First, Photos, "large"),     204, 0,        0,        Delete,   Photos),
    ];

#pragma warning restore format

    /// <summary>The API's other name for its version.</summary>
    private static Target OtherVersion(Target target) => target with { Path = "/v1.0" + target.Path[3..] };

    /// <summary>A body of so many bytes.</summary>
    private string[] Body(int bytes) => ["-T", File($"body-{bytes}", new byte[bytes])];

    private string File(string name, byte[] content)
    {
        var path = Path.Combine(folder.Path, name);
        System.IO.File.WriteAllBytes(path, content);
        return path;
    }
}
