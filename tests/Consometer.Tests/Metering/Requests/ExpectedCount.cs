using System.Text.RegularExpressions;

namespace Consometer.Tests.Metering.Requests;

/// <summary>What becomes of a client's request.</summary>
internal enum Outcome
{
    Counted,
    Refused,
    Unattributed,
    NoLine,
}

/// <summary>What a request should be counted as, by what the client says of it alone.</summary>
/// <param name="Outcome">Which counter.</param>
/// <param name="Figures">Volumes by account, container (empty for none) and meter; none of 0.</param>
/// <param name="UnattributedBytes">Bytes of a request that is nobody's.</param>
internal sealed partial record ExpectedCount(Outcome Outcome, IReadOnlyDictionary<(string Account, string Container, string Meter), long> Figures, long UnattributedBytes = 0)
{
    private const string Prefix = "AUTH_";

    private static readonly Dictionary<(string, string, string), long> Nothing = [];

    /// <summary>Actions of S3 on an object's path that are about it, and not for it.</summary>
    private static readonly string[] AboutObjects = ["S3: multipart: initiate", "S3: multipart: list parts", "S3: multipart: complete", "S3: multipart: abort"];

    public static ExpectedCount Of(ClientRequest request, RecordedLog log, bool isInternal)
    {
        if (request.Line is null)
        {
            return new ExpectedCount(Outcome.NoLine, Nothing);
        }

        // A bulk request of which nothing came was not let do anything, as far as the log tells.
        if (request.Status is 400 or 401 or 403 or 405 or 412 || request.Action is "bulk extract of rubbish" or "bulk delete of nothing")
        {
            return new ExpectedCount(Outcome.Refused, Nothing);
        }

        // A copy is logged where it goes to.
        var end = request.Method == "COPY" ? Destination().Match(request.Note) : Match.Empty;
        var account = end.Groups["account"] is { Success: true } other ? other.Value : request.Account;
        var container = end.Success ? end.Groups["container"].Value : request.Container;
        if (!account.StartsWith(Prefix, StringComparison.Ordinal) || (request.IsS3 && !IsToldOf(request, log)))
        {
            return new ExpectedCount(Outcome.Unattributed, Nothing, request.Received + request.Sent);
        }

        var figures = new Dictionary<(string, string, string), long>
        {
            [(account, "", "storage.objects.incoming.bytes")] = request.Received,
            [(account, "", "storage.objects.outgoing.bytes")] = request.Sent,
        };
        if (OperationOf(request) is { } operation)
        {
            var network = isInternal ? "internal" : "external";
            figures[(account, container, $"storage.objects.{operation}.{network}")] = 1;
            figures[(account, container, $"storage.objects.{operation}.size.{network}")] = operation == "download" ? request.Sent : request.Received;
        }

        return new ExpectedCount(Outcome.Counted, figures.Where(figure => figure.Value > 0).ToDictionary());
    }

    /// <summary>Whether the log says whose an S3 request is.</summary>
    private static bool IsToldOf(ClientRequest request, RecordedLog log) => log.HasAccounts || log.HasBackend;

    private static string? OperationOf(ClientRequest request) => request switch
    {
        { Status: < 200 or (>= 300 and not 303) } => null,
        _ when AboutObjects.Contains(request.Action) => null,

        // The path goes on after the container where files get names in it: none of these is an object's.
        _ when request.Action.StartsWith("form upload", StringComparison.Ordinal) => "upload",
        _ when request.Action.StartsWith("bulk extract", StringComparison.Ordinal) => request.Container.Length > 0 ? "upload" : null,
        { Object: "" } or { Status: 303 } => null,
        { Method: "PUT" or "COPY" } => "upload",
        { Method: "GET" } => "download",
        { Method: "POST" } => "update",
        { Method: "DELETE" } => "delete",
        _ => null,
    };

    [GeneratedRegex("^destination (account=(?<account>[^ ]+) )?container=(?<container>.*) object=")]
    private static partial Regex Destination();
}
