using Microsoft.Win32.SafeHandles;

namespace Consometer.Metering.Requests.Sources;

/// <summary>
/// A log file as it is written. Whoever writes or renames it is not kept from it; only who asks for a lock of the whole file for himself
/// (<c>flock</c>), which rsyslog and logrotate do not, would find that the base library has a shared one.
/// </summary>
internal sealed class PlainLogFile(string path, SafeFileHandle handle) : ILogFile
{
    public string Path => path;

    public DateTime LastWrite => File.GetLastWriteTimeUtc(handle);

    public long Length => RandomAccess.GetLength(handle);

    public bool IsFinal => false;

    public string? Damage => null;

    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be opened by this user, or is a folder.</exception>
    public static PlainLogFile Open(string path) => new(path, File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));

    public int Read(long offset, Span<byte> into, CancellationToken stopping) => RandomAccess.Read(handle, into, offset);

    public long BytesAfter(long offset) => Math.Max(0, Length - offset);

    public void Dispose() => handle.Dispose();
}
