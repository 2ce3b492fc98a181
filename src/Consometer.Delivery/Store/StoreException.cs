namespace Consometer.Delivery.Store;

/// <summary>The store cannot be opened, read or written. The message names the file. The program ends with exit code 5.</summary>
public sealed class StoreException(string path, string found, Exception? innerException = null)
    : Exception($"store {path}: {found}", innerException);
