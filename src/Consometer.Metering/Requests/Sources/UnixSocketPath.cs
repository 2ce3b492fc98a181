using System.Net.Sockets;

namespace Consometer.Metering.Requests.Sources;

/// <summary>The file of a Unix datagram socket.</summary>
internal static class UnixSocketPath
{
    /// <summary>What opening a socket as a file fails with (ENXIO). The base library has no other way to tell sockets from files.</summary>
    private const int NoSuchDeviceOrAddress = 6;

    /// <summary>Whoever may write to the system's own log may write to this one: Swift runs as another user.</summary>
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Makes the socket's file, in the place of one that a process left behind, and lets everybody write to it.</summary>
    /// <exception cref="LogSourceException">It cannot be made, or something else stands there.</exception>
    public static void Bind(Socket socket, string path)
    {
        var where = $"unix:{path}";
        try
        {
            RemoveStale(where, path);
            socket.Bind(new UnixDomainSocketEndPoint(path));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, Mode);
            }
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            throw new LogSourceException(where, "a socket that can be made there", Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))) ? e.Message : "no such folder", e);
        }
        catch (ArgumentException e)
        {
            throw new LogSourceException(where, "a path that a socket can have", "one that is empty or too long", e);
        }
    }

    private static void RemoveStale(string where, string path)
    {
        if (!Path.Exists(path))
        {
            return;
        }

        if (!IsSocket(path))
        {
            throw new LogSourceException(where, "a socket or nothing", "something else of that name");
        }

        if (IsListenedTo(path))
        {
            throw new LogSourceException(where, "nobody who listens there", "somebody who does");
        }

        File.Delete(path);
    }

    private static bool IsSocket(string path)
    {
        try
        {
            // For writing too: opening a pipe for reading only waits for whoever writes to it.
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.HResult == NoSuchDeviceOrAddress;
        }
    }

    private static bool IsListenedTo(string path)
    {
        using var caller = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            caller.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode != SocketError.ConnectionRefused;
        }
    }
}
