namespace Consometer.Delivery.Store;

/// <summary>
/// A file beside the store that whoever writes a round, or reads a log, holds locked while it lives: the system lets go of it when the process
/// dies, however it dies. So what a crash left is told from what another process is at.
/// </summary>
internal sealed class StoreLock : IDisposable
{
    private readonly FileStream _file;

    private StoreLock(FileStream file) => _file = file;

    /// <summary>The lock of a round.</summary>
    public static string OfRound(long round) => FormattableString.Invariant($"round-{round}");

    /// <summary>The lock of a log that is read.</summary>
    public static string OfLog(long log) => FormattableString.Invariant($"log-{log}");

    /// <param name="store">The store.</param>
    /// <param name="name">What is locked.</param>
    /// <exception cref="StoreException">Somebody has it, or the file cannot be made.</exception>
    public static StoreLock Take(string store, string name)
    {
        try
        {
            return new StoreLock(Open($"{store}.{name}", FileMode.OpenOrCreate, FileOptions.DeleteOnClose));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(store, $"{name} cannot be locked: {e.Message}", e);
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

    /// <summary>Whether somebody has it who is alive. The file of a dead one is deleted.</summary>
    public static bool IsHeld(string store, string name) => IsHeld($"{store}.{name}");

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
}
