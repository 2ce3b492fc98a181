namespace Consometer.Rings;

/// <summary>
/// An operator's file that cannot be read, or is not what it should be. The message names the file, and where in it
/// what was wanted and what was found. The program ends with exit code 3.
/// </summary>
public class InputFileException : Exception
{
    /// <summary>More than any ring: one of part power 23 with five replicas does not compress to this.</summary>
    private const int FileBytesMax = 256 << 20;

    private const int BufferBytes = 1 << 20;

    public InputFileException(string message)
        : base(message)
    {
    }

    public InputFileException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Reads a whole file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What the file is to the operator, e.g. "ring".</param>
    /// <exception cref="InputFileException">The file is missing, a folder, too large, or not to be read by this user.</exception>
    public static byte[] ReadAllBytes(string path, string what) => ReadAllBytes(path, what, out _);

    /// <summary>Reads a whole file, and when it was last written: both of the one that was opened, even if another takes its name meanwhile.</summary>
    /// <inheritdoc cref="ReadAllBytes(string, string)"/>
    internal static byte[] ReadAllBytes(string path, string what, out DateTimeOffset writtenAt)
    {
        try
        {
            using var file = File.OpenRead(path);
            writtenAt = File.GetLastWriteTimeUtc(file.SafeFileHandle);
            using var bytes = new MemoryStream(file.CanSeek ? (int)Math.Min(file.Length, FileBytesMax) : 0);
            var buffer = new byte[BufferBytes];
            for (var read = file.Read(buffer); read > 0; read = file.Read(buffer))
            {
                bytes.Write(buffer, 0, read);
                if (bytes.Length > FileBytesMax)
                {
                    throw new InputFileException($"{what} {path}: wanted at most {FileBytesMax} bytes, found more");
                }
            }

            return bytes.Length == bytes.Capacity ? bytes.GetBuffer() : bytes.ToArray();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputFileException($"{what} {path}: no such file", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputFileException($"{what} {path}: cannot be read: {e.Message}", e);
        }
    }
}
