namespace Consometer.Metering.Requests.Sources;

/// <summary>What stands under the log's own name.</summary>
internal enum NamedLog
{
    /// <summary>Not looked at yet.</summary>
    Unknown,

    /// <summary>A file with something in it.</summary>
    There,

    /// <summary>A file with nothing in it.</summary>
    Empty,

    /// <summary>Nothing.</summary>
    Missing,

    /// <summary>Something that cannot be read.</summary>
    Unreadable,
}

/// <summary>The log's own name, under which its files come and go.</summary>
/// <param name="path">The name.</param>
/// <param name="tell">Who is told when it goes missing and when it is found.</param>
internal sealed class LogName(string path, Action<LogSourceNews> tell)
{
    private string? _trouble;

    /// <summary>The name.</summary>
    public string Path => path;

    /// <summary>What stood there when it was last opened.</summary>
    public NamedLog State { get; private set; }

    /// <summary>Bytes of the file that stands there now; 0 if none does. From any thread.</summary>
    public long Length => LengthOf(new FileInfo(path));

    /// <summary>Opens the file that stands there now; null if it has nothing in it, or there is none to read.</summary>
    public ILogFile? Open()
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                return Directory.Exists(path) ? Fail(NamedLog.Unreadable, $"{path}: is a folder") : Fail(NamedLog.Missing, $"{path}: no such file");
            }

            // A pipe is empty too, and opening one waits for whoever writes to it.
            var log = LengthOf(file) == 0 ? null : PlainLogFile.Open(path);
            Succeed(log is null ? NamedLog.Empty : NamedLog.There);
            return log;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Fail(NamedLog.Missing, $"{path}: no such file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fail(NamedLog.Unreadable, e.Message);
        }
    }

    private static long LengthOf(FileInfo file) => (file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file) is { Exists: true } real ? real.Length : 0;

    private PlainLogFile? Fail(NamedLog state, string trouble)
    {
        if (_trouble != trouble)
        {
            tell(state == NamedLog.Missing ? new LogSourceNews.Missing(trouble) : new LogSourceNews.Unreadable(trouble));
        }

        (State, _trouble) = (state, trouble);
        return null;
    }

    private void Succeed(NamedLog state)
    {
        if (_trouble is not null)
        {
            tell(new LogSourceNews.Found());
        }

        (State, _trouble) = (state, null);
    }
}
