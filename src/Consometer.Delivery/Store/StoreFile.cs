using System.Globalization;

namespace Consometer.Delivery.Store;

/// <summary>The database as a file.</summary>
public static class StoreFile
{
    /// <summary>SQLite's log of what is not in the database yet, and its index, and the database: the log first, since left behind it would be taken for the next one's.</summary>
    private static readonly string[] Suffixes = ["-wal", "-shm", ""];

    /// <summary>Moves a database aside, so that a new one can be made. Nothing in it is lost.</summary>
    /// <param name="path">The database.</param>
    /// <param name="now">Becomes part of the new name.</param>
    /// <returns>Where it is now.</returns>
    /// <exception cref="StoreException">It cannot be moved.</exception>
    public static string MoveAside(string path, DateTimeOffset now)
    {
        var aside = path + now.UtcDateTime.ToString("'.aside-'yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        try
        {
            foreach (var suffix in Suffixes.Where(suffix => File.Exists(path + suffix)))
            {
                File.Move(path + suffix, aside + suffix, overwrite: false);
            }

            return aside;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(path, $"cannot be moved aside: {e.Message}", e);
        }
    }

    /// <summary>
    /// Makes an empty file where there is none, with its folder: what tenants store is for the meter's user and its group alone. SQLite gives the files beside it the same mode.
    /// One that is there is not opened: who closes a database by other means than SQLite takes from SQLite all locks that the process has there, and another process may
    /// delete its log then (SQLite's manual, "How To Corrupt", 2.2).
    /// </summary>
    /// <returns>The full path.</returns>
    /// <exception cref="StoreException">It cannot be made.</exception>
    internal static string Make(string path)
    {
        try
        {
            var full = Path.GetFullPath(path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            if (!OperatingSystem.IsWindows() && !File.Exists(full))
            {
                using var created = new FileStream(full, new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.ReadWrite,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead,
                });
            }

            return full;
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process has made it just now.
            return Path.GetFullPath(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new StoreException(path, $"cannot be opened: {e.Message}", e);
        }
    }
}
