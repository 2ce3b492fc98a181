using System.Globalization;
using Consometer.Configuration;
using Consometer.Delivery.Store;

namespace Consometer.Checks;

/// <summary>
/// Whether the store is sound, can be written, and has room, and what waits in it. One that is not there yet is not made: it would belong to
/// whoever checks, not to the daemon.
/// </summary>
internal static class StoreCheck
{
    public const string Name = "store";

    private const string Remedy = "let this user write there, or set store.path";

    /// <summary>Messages of so many periods ago are not under way any more: they are not taken.</summary>
    private const int PeriodsMax = 2;

    /// <summary>Of <c>store.max_bytes</c>: there is still time to do something.</summary>
    private const double NearlyFull = 0.9;

    public static CheckResult Run(ConsometerOptions options, TimeProvider clock)
    {
        var path = Path.GetFullPath(options.StorePath);
        try
        {
            if (!Path.Exists(path))
            {
                TryFolder(path);
                return CheckResult.Ok(Name, path, "none yet; it can be made");
            }

            using var store = SampleStore.Open(path);
            store.RequireSoundAndWritable();
            return Judge(options, path, store, clock.GetUtcNow());
        }
        catch (StoreException e) when (e.IsFileWrong)
        {
            return CheckResult.Fail(Name, path, e.Message, "run --move-store-aside begins a new one; or set store.path", ExitCode.Service);
        }
        catch (StoreException e)
        {
            return CheckResult.Fail(Name, path, e.Message, Remedy, ExitCode.Service);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return CheckResult.Fail(Name, path, $"cannot be made: {e.Message}", Remedy, ExitCode.Service);
        }
    }

    private static CheckResult Judge(ConsometerOptions options, string path, SampleStore store, DateTimeOffset now)
    {
        var bytes = store.UsedBytes();
        var waiting = store.Waiting();
        var last = store.LastRound(options.Region) is { } round ? $"last round {round:yyyy-MM-dd'T'HH:mm:ss'Z'}" : "no round yet";
        var backlog = string.Concat(waiting.Select(format => string.Create(
            CultureInfo.InvariantCulture, $"; {format.Messages} messages of format {format.Format} wait, the oldest of round {format.OldestRound}")));
        var found = $"{last}, {Mebibytes(bytes)} of {Mebibytes(options.StoreMaxBytes)} MiB in use{backlog}";
        var formats = options.Delivery?.Publications.Select(publication => publication.Format.Name) ?? [];
        return bytes >= options.StoreMaxBytes ? CheckResult.Fail(Name, path, $"{found}: full, no round is begun", "a larger store.max_bytes, or a broker that takes what waits", ExitCode.Service)
            : bytes >= options.StoreMaxBytes * NearlyFull ? CheckResult.Warn(Name, path, $"{found}: nearly full", "a larger store.max_bytes, a shorter store.keep, or a broker that takes what waits")
            : waiting.Any(format => !formats.Contains(format.Format)) ? CheckResult.Warn(Name, path, $"{found}: of a format that is not configured", "put it into publish.format until they are delivered")
            : waiting.Any(format => TimeOf(format) < now - (PeriodsMax * options.Period)) ? CheckResult.Warn(Name, path, found, "the log of run says why the broker does not take them")
            : CheckResult.Ok(Name, path, found);
    }

    private static DateTimeOffset TimeOf(Backlog backlog) => DateTimeOffset.Parse(backlog.OldestRound, CultureInfo.InvariantCulture);

    private static string Mebibytes(long bytes) => (bytes / (double)(1 << 20)).ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>A file is made where the store, or the first of its folders that is missing, would be.</summary>
    private static void TryFolder(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        while (!Path.Exists(folder) && Path.GetDirectoryName(folder) is { } above)
        {
            folder = above;
        }

        using var file = new FileStream(
            Path.Combine(folder, Path.GetRandomFileName()),
            new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.DeleteOnClose });
    }
}
