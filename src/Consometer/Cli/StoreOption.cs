using System.CommandLine;
using Consometer.Configuration;
using Consometer.Daemon;
using Consometer.Delivery.Store;
using Serilog;

namespace Consometer.Cli;

/// <summary>The store, as commands that write to it open it.</summary>
internal static class StoreOption
{
    public static Option<bool> MoveAside { get; } = new("--move-store-aside")
    {
        Description = "If the store is damaged, or somebody else's file, move it aside and begin a new one.",
    };

    /// <exception cref="StoreException">It cannot be opened.</exception>
    public static SampleStore Open(ParseResult parsed, ConsometerOptions options, ILogger log)
    {
        try
        {
            return SampleStore.Open(options.StorePath);
        }
        catch (StoreException e) when (e.IsFileWrong && parsed.GetValue(MoveAside))
        {
            log.Event(EventId.StoreMovedAside).Warning("{Failure:l}; it is {Aside:l} now, with whatever was not delivered in it", e.Message, StoreFile.MoveAside(Path.GetFullPath(options.StorePath), TimeProvider.System.GetUtcNow()));
            return SampleStore.Open(options.StorePath);
        }
        catch (StoreException e) when (e.IsFileWrong)
        {
            throw new StoreException(options.StorePath, $"{e.Message[(e.Message.IndexOf(": ", StringComparison.Ordinal) + 2)..]} (--move-store-aside begins a new one)", e);
        }
    }
}
