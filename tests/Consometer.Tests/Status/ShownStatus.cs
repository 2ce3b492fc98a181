using System.Net;
using Consometer.Configuration;
using Consometer.Daemon;
using Consometer.Daemon.Tasks;
using Consometer.Delivery.Store;
using Consometer.Metering;
using Consometer.Metering.Polling;
using Consometer.Metering.Rounds;
using Consometer.Rings;
using Consometer.Status;
using Consometer.Swift.Accounts;
using Consometer.Tests.Configuration;
using Consometer.Tests.Delivery;
using Serilog.Core;

namespace Consometer.Tests.Status;

/// <summary>A status address on loopback over a store of the test's own, and the daemon behind it on a clock that only the test moves: the test tells what happens to it.</summary>
internal sealed class ShownStatus : IAsyncDisposable
{
    public static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    public static readonly TimeSpan Step = TimeSpan.FromMinutes(10);

    private readonly ConfigurationText _text = new();
    private readonly StatusDesk _desk = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });

    private ShownStatus(string yaml)
    {
        Options = _text.Read($"{yaml}\nstore: {{ path: consometer.db, max_bytes: 4MiB }}\n");
        File.WriteAllBytes(RingPath, TestRing.Bytes(3, TestRing.DeviceAt(0, 6202), TestRing.DeviceAt(1, 6203), TestRing.DeviceAt(2, 6204)));
        Ring = Options.Strategy == Strategy.Proxy ? null : new LiveRing(RingFile.Load(RingPath), Clock);
        Projects = new LiveProjects(Clock);
        Heart = new Heartbeat(Step, Clock);
        Store = SampleStore.Open(Options.StorePath);
        Board = new StatusBoard(Options, Ring, Projects, Heart, Trouble, Clock)
        {
            Requests = Options.Requests is null ? null : new RequestProgress(new Heartbeat(Step, Clock)),
            Shared = Options.Sharing is null ? null : new SharedProgress(Clock),
        };
    }

    public ConsometerOptions Options { get; }

    public ManualClock Clock { get; } = new();

    public string Folder => _text.Folder;

    public string RingPath => Path.Combine(Folder, "account.ring.gz");

    public LiveRing? Ring { get; }

    public LiveProjects Projects { get; }

    public Heartbeat Heart { get; }

    public RecentTrouble Trouble { get; } = new();

    public SampleStore Store { get; }

    public StatusBoard Board { get; }

    public IPEndPoint Address => _desk.Address!;

    public RoundTime Now => RoundTime.At(Clock.GetUtcNow(), Options.Period);

    public static async Task<ShownStatus> StartAsync(string yaml = ConfigurationText.Least)
    {
        var shown = new ShownStatus(yaml);
        await shown._desk.MoveAsync(IPEndPoint.Parse("127.0.0.1:0"), Logger.None);
        shown._desk.Show(new StatusSite(shown.Board));
        return shown;
    }

    /// <summary>Reads a list of projects from a file, as a round does; without names there is no file.</summary>
    public async Task ListAsync(params string[] ids)
    {
        var file = Path.Combine(Folder, "projects.txt");
        if (ids.Length > 0)
        {
            await File.WriteAllLinesAsync(file, ids);
        }

        try
        {
            await Projects.ReadAsync(Options.Projects with { FilePath = file }, keystone: null, known: null, TestContext.Current.CancellationToken);
        }
        catch (InputFileException) when (ids.Length == 0)
        {
        }
    }

    /// <summary>Keeps a round of the current period, with these outcomes.</summary>
    public RoundReport Keep(RoundReport report, params IEnumerable<AccountOutcome> outcomes)
    {
        using var entry = Store.BeginRound(new NewRound(Now, Options.Region) { Publications = Options.Delivery?.Publications ?? [] });
        foreach (var outcome in outcomes)
        {
            entry.Keep(outcome, []);
        }

        report = report with { RoundTime = Now.ToString(), Started = Clock.GetUtcNow() };
        entry.End(report);
        Board.Tell(new RoundNews.Ended(Now, report, 0));
        return report;
    }

    public static RoundReport Whole(long accounts) => StoredRows.Report() with { Projects = accounts, Accounts = accounts, Measured = accounts, Totals = new RoundTotals(1, 2, 3) };

    public static AccountOutcome Unknown(string name) => new AccountOutcome.Unknown(
        new Account($"AUTH_{name}", name, name), [new ReplicaReading.Unavailable(TestRing.DeviceAt(0, 6202), Unavailability.TimedOut)]);

    public async Task<(HttpStatusCode Status, string Text)> GetAsync(string path)
    {
        using var answer = await SendAsync(HttpMethod.Get, path);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? host = null)
    {
        var request = new HttpRequestMessage(method, $"http://{Address}{path}");
        request.Headers.Host = host;
        return _http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task<string> PageAsync() => WebUtility.HtmlDecode((await GetAsync("/")).Text);

    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        _http.Dispose();
        Store.Dispose();
        _text.Dispose();
    }
}
