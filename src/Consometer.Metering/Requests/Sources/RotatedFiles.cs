namespace Consometer.Metering.Requests.Sources;

/// <summary>The files in a log's folder that were the log once.</summary>
/// <param name="path">The log.</param>
internal sealed class RotatedFiles(string path)
{
    private readonly string _folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
    private readonly string _name = Path.GetFileName(path);
    private readonly string _stem = Path.GetFileNameWithoutExtension(path);
    private readonly string _extension = Path.GetExtension(path);

    /// <summary>Those that are there and not empty, earlier files of the log first. While one is being compressed there are two of it; it is listed once, as it was.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be read by this user.</exception>
    public List<RotatedFile> List()
    {
        var files = new List<RotatedFile>();
        if (!Directory.Exists(_folder))
        {
            return files;
        }

        foreach (var file in new DirectoryInfo(_folder).EnumerateFiles())
        {
            // A link to a file is the file once more. Empty are also pipes and sockets, which nobody may open.
            if (MarkOf(file.Name) is { } mark && file.LinkTarget is null && file is { Exists: true, Length: > 0 })
            {
                files.Add(new RotatedFile(file.FullName, mark, file.LastWriteTimeUtc, file.Length));
            }
        }

        var plain = files.Where(file => !file.IsCompressed).Select(file => file.Path).ToHashSet();
        files.RemoveAll(file => file.IsCompressed && plain.Contains(file.PlainPath));
        files.Sort(RotatedFile.ByAge);
        return files;
    }

    /// <summary>Finds a place in the log.</summary>
    /// <param name="files">Where it may be.</param>
    /// <param name="position">The place.</param>
    /// <param name="stopping">Ends the search.</param>
    /// <param name="unread">Why a file could not be looked into that may be the one; null if there is none such.</param>
    /// <returns>The file, open; null if it is in none. Of several, which are copies of each other, the one that goes farthest.</returns>
    public static ILogFile? Find(List<RotatedFile> files, LogPosition position, CancellationToken stopping, out string? unread)
    {
        unread = null;
        foreach (var candidate in files.Where(file => !file.IsCompressed).OrderByDescending(file => file.Length).Concat(files.Where(file => file.IsCompressed).Reverse()))
        {
            try
            {
                if (OpenIfHas(candidate, position, stopping) is { } found)
                {
                    return found;
                }
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                // It has another name by now, as a new list will tell.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                unread = candidate.IsOfRow ? e.Message : unread;
            }
        }

        return null;
    }

    /// <summary>The rotated files that come after one of the log's, the next first.</summary>
    /// <param name="files">All of them.</param>
    /// <param name="read">What was read.</param>
    /// <param name="stopping">Ends the looking into files.</param>
    public static IEnumerable<RotatedFile> After(List<RotatedFile> files, LogReader read, CancellationToken stopping)
    {
        var (lastWrite, length, reach) = (read.File.LastWrite, read.File.Length, read.Reach);
        var place = files.FindLastIndex(file => file.LastWrite == lastWrite && file.Length == length && file.Has(reach, stopping));
        return files.Where((file, i) => (place < 0 ? file.LastWrite > lastWrite : i > place) && file.IsOfRow && !file.Has(reach, stopping));
    }

    /// <summary>The rotated files that were last written after a time, the next first.</summary>
    public static IEnumerable<RotatedFile> After(List<RotatedFile> files, DateTime lastWrite) => files.Where(file => file.LastWrite > lastWrite && file.IsOfRow);

    private static ILogFile? OpenIfHas(RotatedFile candidate, LogPosition position, CancellationToken stopping)
    {
        var file = candidate.Open();
        var isFound = false;
        try
        {
            isFound = file.Stands(position, stopping);
            return isFound ? file : null;
        }
        finally
        {
            if (!isFound)
            {
                file.Dispose();
            }
        }
    }

    /// <summary>NAME.1, NAME-20261121, and what logrotate's "extension" makes of NAME.log: NAME-20261121.log; each maybe with .gz.</summary>
    private string? MarkOf(string name)
    {
        if (name.Length > _name.Length + 1 && name.StartsWith(_name, StringComparison.Ordinal) && name[_name.Length] is '.' or '-')
        {
            return name[_name.Length..];
        }

        var isExtended = _extension.Length > 0 && name.Length > _name.Length + 1 && name.StartsWith(_stem, StringComparison.Ordinal)
            && name[_stem.Length] is '.' or '-' && char.IsAsciiDigit(name[_stem.Length + 1])
            && (name.EndsWith(_extension, StringComparison.Ordinal) || name.EndsWith(_extension + ".gz", StringComparison.Ordinal));
        return isExtended ? name[_stem.Length..] : null;
    }
}
