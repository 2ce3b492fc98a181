namespace Consometer.Delivery.Store;

/// <summary>The store cannot be opened, read or written. The message names the file, on one line: SQLite's word on damage has several. The program ends with exit code 5.</summary>
/// <param name="path">The file.</param>
/// <param name="found">What is wrong.</param>
/// <param name="innerException">What SQLite or the system said.</param>
public sealed class StoreException(string path, string found, Exception? innerException = null)
    : Exception($"store {path}: {found.ReplaceLineEndings(" ")}", innerException)
{
    /// <summary>Whether the file itself is damaged or somebody else's, so that it helps to move it aside.</summary>
    public bool IsFileWrong { get; init; }
}
