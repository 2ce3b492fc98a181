using System.Globalization;
using System.Text;

namespace Consometer.Tests.Metering.Requests;

/// <summary>What a client did, as the client wrote it down: see <c>fixtures/accesslog/README.md</c>.</summary>
internal sealed record ClientRequest(
    int Number, string Action, string Peer, string ForwardedFor, string ClusterClientIp, string Account, string Container, string Object, string Method, string Target,
    int Status, long Received, long Sent, int? Line, string Note)
{
    public bool IsS3 => Action.StartsWith("S3:", StringComparison.Ordinal);

    public static ClientRequest Parse(string row)
    {
        var columns = row.Split('\t').Select(Unescape).ToArray();
        return new ClientRequest(
            NumberIn(columns[0])!.Value, columns[1], columns[2], columns[3], columns[4], columns[5], columns[6], columns[7], columns[8], columns[9],
            NumberIn(columns[10]) ?? 0, NumberIn(columns[11])!.Value, NumberIn(columns[12])!.Value, NumberIn(columns[13]), columns[14]);
    }

    private static int? NumberIn(string text) => text.Length == 0 ? null : int.Parse(text, CultureInfo.InvariantCulture);

    private static string Unescape(string text) =>
        text.Replace(@"\\", "\0", StringComparison.Ordinal).Replace(@"\t", "\t", StringComparison.Ordinal).Replace(@"\n", "\n", StringComparison.Ordinal)
            .Replace(@"\r", "\r", StringComparison.Ordinal).Replace('\0', '\\');
}

/// <summary>A log of the fixtures, with what the clients did.</summary>
internal sealed class RecordedLog
{
    /// <summary>Words before the fields: <c>&lt;134&gt;proxy-server:</c>.</summary>
    private const int WordsBefore = 1;

    private const int FieldsMin = 21;
    private const int TransactionField = 13;

    /// <summary>Rows whose lines say something else, and what they say: the README has the reasons.</summary>
    private static readonly Dictionary<int, (int Status, long Received, long Sent)> Differing = new()
    {
        [92] = (400, 0, 43),
        [96] = (499, 0, 3342336),
        [97] = (499, 0, 4194304),
        [98] = (499, 0, 3342336),
        [99] = (499, 30701, 89),
        [100] = (499, 0, 89),
        [484] = (404, 0, 70),
    };

    private RecordedLog(string name)
    {
        Name = name;
        Lines = File.ReadAllLines(Fixtures.Find("accesslog", $"{name}.log"), Encoding.UTF8);
        Requests = [.. File.ReadAllLines(Fixtures.Find("accesslog", $"{name}.truth.tsv"), Encoding.UTF8).Skip(1).Select(ClientRequest.Parse).Select(AsLogged)];
    }

    public string Name { get; }

    public string[] Lines { get; }

    /// <summary>What the clients did, with the few figures of the log where they cannot be the same.</summary>
    public ClientRequest[] Requests { get; }

    /// <summary>Whether its lines have <c>{account} {container}</c> at their end.</summary>
    public bool HasAccounts => Name.EndsWith("-template", StringComparison.Ordinal);

    /// <summary>Whether it has the requests to Swift that S3 requests were turned into.</summary>
    public bool HasBackend => Name.EndsWith("-s3-forced", StringComparison.Ordinal);

    public static string[] Names { get; } =
        [.. Directory.GetFiles(Fixtures.Find("accesslog"), "*.truth.tsv").Select(file => Path.GetFileName(file).Replace(".truth.tsv", "", StringComparison.Ordinal)).Order()];

    public static RecordedLog Read(string name) => new(name);

    /// <summary>All lines of the transaction of a request, in their order.</summary>
    public string[] LinesOf(ClientRequest request) =>
        request.Line is { } line ? [.. Lines.Where(each => TransactionOf(each) is { } transaction && transaction == TransactionOf(Lines[line - 1]))] : [];

    /// <summary>The transaction id of an access line; null of another one.</summary>
    private static string? TransactionOf(string line) => line.Split(' ') is { Length: >= WordsBefore + FieldsMin } words ? words[WordsBefore + TransactionField] : null;

    private ClientRequest AsLogged(ClientRequest request)
    {
        var differing = Name switch
        {
            "swift-2.38-shared" when request.Number == 34 => (499, 30000, 89),
            "swift-2.30.1" when request.Number == 194 => (501, 0, 232),
            "swift-2.30.1" or "swift-2.38" when Differing.TryGetValue(request.Number, out var found) => found,
            _ => (request.Status, request.Received, request.Sent),
        };
        return request with { Status = differing.Item1, Received = differing.Item2, Sent = differing.Item3 };
    }
}
