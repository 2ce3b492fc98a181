using System.Collections.Concurrent;
using System.Globalization;
using Consometer.Configuration;
using Consometer.Daemon;
using Consometer.Delivery.Store;
using Consometer.Metering.Requests;
using Consometer.Metering.Samples;
using Consometer.Tests.Configuration;

namespace Consometer.Tests.Daemon;

/// <summary>The loop that counts requests, over a log that the test writes, on a clock that only the test moves. It starts at 13:00, and its intervals are of a minute.</summary>
internal sealed class CountingLoop : IAsyncDisposable
{
    /// <summary>A configuration without rounds.</summary>
    public const string RequestsOnly = """
        region: RegionOne
        meters:
          storage.objects: false
          storage.objects.size: false
          storage.objects.containers: false
          storage.objects.upload.external: true
        store: { path: consometer.db }
        status: { listen: none }

        """;

    private readonly ConfigurationText _text = new();
    private readonly ConcurrentQueue<RequestNews> _news = [];
    private CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;
    private int _crashes;

    public CountingLoop(bool isFile = true, string more = "")
    {
        Log = new ScriptedLog(isFile);
        Options = _text.Read($"{RequestsOnly}requests: {{ {(isFile ? "file: access.log" : "listen: 'udp://127.0.0.1:5140'")}, host: h1, interval: 1m }}\n{more}\n");
    }

    public ManualClock Clock { get; } = new();

    public ScriptedLog Log { get; }

    /// <summary>What the loop that is started next goes by.</summary>
    public ConsometerOptions Options { get; set; }

    public RequestProgress Progress { get; private set; } = null!;

    public IEnumerable<RequestNews> News => _news;

    public DateTimeOffset Now => Clock.GetUtcNow();

    public CountingLoop Start()
    {
        Log.Close();
        Progress = new RequestProgress(new Heartbeat(TimeSpan.FromMinutes(10), Clock));
        _loop = new RequestLoop(Options, Options.Requests!, (from, _, _) => Log.Open(from), Progress, _news.Enqueue, Clock).RunAsync(_stop.Token);
        return this;
    }

    /// <summary>Lets time pass, and has the loop read what was written.</summary>
    public Task ReadAsync(double seconds = 1, bool isCaughtUp = true)
    {
        Clock.Advance(TimeSpan.FromSeconds(seconds));
        return Log.ReadAsync(_loop, isCaughtUp);
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
        _stop = new CancellationTokenSource();
    }

    /// <summary>Ends the loop, and goes on with the store as it was before: as it is after a process is killed.</summary>
    public async Task CrashAsync()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_text.Folder, $"after-{++_crashes}")).FullName;
        var file = Path.Combine(folder, "consometer.db");
        foreach (var suffix in (string[])["", "-wal"])
        {
            File.Copy(Options.StorePath + suffix, file + suffix);
        }

        await StopAsync();
        Options = Options with { StorePath = file };
    }

    /// <summary>All samples of intervals that are complete.</summary>
    public IReadOnlyList<Sample> Samples()
    {
        using var query = UsageQuery.Open(Options.StorePath);
        return [.. query.Samples(new UsageFilter(Options.Region, [.. RequestMeters.All]) { Since = DateTimeOffset.MinValue })];
    }

    /// <summary>The same as text: interval, origin's host, resource, meter and volume.</summary>
    public string[] Published() =>
    [
        .. Samples().Select(sample => string.Create(
            CultureInfo.InvariantCulture,
            $"{sample.Time.Start:HH:mm} {sample.Origin!.Split(' ')[0]} {sample.ResourceId} {sample.Meter.Name["storage.objects.".Length..]} {sample.Volume}")),
    ];

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
        Log.Dispose();
        _text.Dispose();
    }
}
