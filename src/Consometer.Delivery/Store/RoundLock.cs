using System.Globalization;

namespace Consometer.Delivery.Store;

/// <summary>
/// A file beside the store that a round's writer holds locked while it lives: the system lets go of it when the process dies, however it
/// dies. So a round that a crash left is told from one that another process is at.
/// </summary>
internal sealed class RoundLock : IDisposable
{
    private readonly FileStream _file;

    private RoundLock(FileStream file) => _file = file;

    /// <exception cref="StoreException">The file cannot be made.</exception>
    public static RoundLock Take(string store, long round)
    {
        try
        {
            return new RoundLock(Open(Name(store, round), FileMode.OpenOrCreate, FileOptions.DeleteOnClose));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(store, $"a round cannot be begun: {e.Message}", e);
        }
    }

    /// <summary>Deletes the files of the dead: one that died when its round had ended left a file that no round would ask for.</summary>
    public static void DeleteDead(string store)
    {
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(store)!, $"{Path.GetFileName(store)}.round-*"))
        {
            IsHeld(file);
        }
    }

    /// <summary>Whether the writer of a round is alive. The file of a dead one is deleted.</summary>
    public static bool IsHeld(string store, long round) => IsHeld(Name(store, round));

    public void Dispose() => _file.Dispose();

    private static bool IsHeld(string file)
    {
        try
        {
            Open(file, FileMode.Open, FileOptions.DeleteOnClose).Dispose();
            return false;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private static FileStream Open(string path, FileMode mode, FileOptions options) =>
        new(path, new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, Options = options });

    private static string Name(string store, long round) => string.Create(CultureInfo.InvariantCulture, $"{store}.round-{round}");
}
