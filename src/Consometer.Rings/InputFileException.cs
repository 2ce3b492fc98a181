namespace Consometer.Rings;

/// <summary>
/// An operator's file that cannot be read, or is not what it should be. The message names the file, and where in it
/// what was wanted and what was found. The program ends with exit code 3.
/// </summary>
public class InputFileException : Exception
{
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
    /// <exception cref="InputFileException">The file is missing, a folder, or not to be read by this user.</exception>
    public static byte[] ReadAllBytes(string path, string what)
    {
        try
        {
            return File.ReadAllBytes(path);
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
