using Consometer.Configuration;
using Consometer.Delivery.Store;

namespace Consometer.Checks;

/// <summary>Whether the store can be written. One that is not there yet is not made: it would belong to whoever checks, not to the daemon.</summary>
internal static class StoreCheck
{
    public const string Name = "store";

    private const string Remedy = "let this user write there, or set store.path";

    public static CheckResult Run(ConsometerOptions options)
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
            return CheckResult.Ok(Name, path, store.LastRound(options.Region) is { } last ? $"last round {last:yyyy-MM-dd'T'HH:mm:ss'Z'}" : "no round yet");
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
