using System.Globalization;
using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Requests;

/// <summary>A day of clients at the proxy, one request after the other, and the sums that the meters owe for it.</summary>
/// <param name="folder">For bodies.</param>
/// <param name="log">The lines that the proxy has logged so far.</param>
internal sealed partial class ScriptedDay(ConfigurationFolder folder, Func<string[]> log)
{
    /// <summary>Clients' addresses: of the network that is internal, of another, and of a load balancer that is trusted.</summary>
    public const string Inside = "127.0.2.1";

    public const string Outside = "127.0.3.1";

    public const string Balancer = "127.0.4.1";

    /// <summary>What the daemon must be told of them.</summary>
    public const string Networks = $"internal_networks: [127.0.2.0/24], trusted_proxies: [{Balancer}]";

    /// <summary>Fields of a line, counted from its tag.</summary>
    private const int StatusField = 7;

    private const int ReceivedField = 11;
    private const int SentField = 12;

    private string _token = "";
    private string _strangersToken = "";
    private Answer _last = new(0, 0, 0);

    /// <summary>What the meters owe so far.</summary>
    public MeteredRequests Sums { get; } = [];

    /// <summary>How many requests there were so far.</summary>
    public int Requests { get; private set; }

    /// <summary>Gets the tokens of who may see every account, and of who may see none.</summary>
    public async Task LogInAsync()
    {
        _token = await TokenAsync("admin");
        _strangersToken = await TokenAsync("stranger");
    }

    /// <summary>Makes the requests, each when the one before has its answer.</summary>
    public async Task RunAsync(IEnumerable<DayRequest> requests)
    {
        foreach (var request in requests)
        {
            Requests++;
            _last = request.AbortedAfter is { } bytes ? await AbortAsync(request, bytes)
                : await Curl.RequestAsync(folder, request.From, request.Method, request.Url, ["-H", $"X-Auth-Token: {request.Token ?? _token}", .. request.Curl]);
            Assert.True(
                request.Status == _last.Status,
                string.Create(CultureInfo.InvariantCulture, $"{request.What}: wanted {request.Status}, found {_last.Status} {_last.Body}"));
            Count(request);
        }
    }

    private async Task<string> TokenAsync(string user)
    {
        var answer = await Curl.RequestAsync(folder, Inside, "GET", LoggedProxy.Url + "/auth/v1.0", "-H", $"X-Auth-User: {user}:{user}", "-H", "X-Auth-Key: secret");
        Assert.NotEmpty(answer.Token);
        return answer.Token;
    }

    /// <summary>What Swift says of it is all that anybody knows; it must lie between what the client had done and what it had asked for.</summary>
    private async Task<Answer> AbortAsync(DayRequest request, int bytes)
    {
        var isUpload = request.Method == "PUT";
        await (isUpload ? AbortedRequest.UploadAsync(request, _token, bytes) : AbortedRequest.DownloadAsync(request, _token, bytes));
        string[] fields = [];
        await Eventually.TrueAsync($"the line of {request.What}", () => (fields = LineOf(request)).Length > 0);
        var (received, sent) = (Number(fields[ReceivedField]), Number(fields[SentField]));
        if (isUpload)
        {
            Assert.Equal(bytes, received);
        }
        else
        {
            Assert.InRange(sent, bytes, LargeBytes - 1);
        }

        return new Answer(int.Parse(fields[StatusField], CultureInfo.InvariantCulture), received, sent);
    }

    /// <summary>The fields of the line with this path; none while it is not there.</summary>
    private string[] LineOf(DayRequest request)
    {
        var path = $" {request.Method} {Uri.EscapeDataString(request.Target.Path).Replace("%2F", "/", StringComparison.Ordinal)} ";
        var line = log().FirstOrDefault(line => line.Contains(path, StringComparison.Ordinal));
        return line is null ? [] : line[line.IndexOf("proxy-server:", StringComparison.Ordinal)..].Split(' ');
    }

    private void Count(DayRequest request)
    {
        var projectId = request.ProjectId ?? request.Target.ProjectId;
        var (received, sent) = (request.In.Bytes ?? _last.Sent, request.Out.Bytes ?? _last.Received);
        Sums.Add("storage.objects.incoming.bytes", projectId, received);
        Sums.Add("storage.objects.outgoing.bytes", projectId, sent);
        var (name, size) = request.Operation switch
        {
            Operation.Upload => ("upload", received),
            Operation.Update => ("update", received),
            Operation.Download => ("download", sent),
            Operation.Delete => ("delete", received),
            _ => ("", 0),
        };
        if (name.Length > 0)
        {
            Sums.Add($"storage.objects.{name}.{request.Network}", $"{projectId}/{request.Container}", 1);
            Sums.Add($"storage.objects.{name}.size.{request.Network}", $"{projectId}/{request.Container}", size);
        }
    }

    private static long Number(string field) => field == "-" ? 0 : long.Parse(field, CultureInfo.InvariantCulture);
}
