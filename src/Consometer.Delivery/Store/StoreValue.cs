namespace Consometer.Delivery.Store;

/// <summary>A value of a <see cref="StoreStatement"/>: a number, a text, bytes, or none, as SQLite has them.</summary>
internal readonly record struct StoreValue
{
    private StoreValue(long number, object? rest) => (Number, Rest) = (number, rest);

    /// <summary>The number, if <see cref="Rest"/> says that it is one.</summary>
    public long Number { get; }

    /// <summary>A string or an array of bytes; null for NULL; anything else for a number.</summary>
    public object? Rest { get; }

    public static implicit operator StoreValue(long number) => new(number, typeof(long));

    public static implicit operator StoreValue(string? text) => new(0, text);

    public static implicit operator StoreValue(byte[] bytes) => new(0, bytes);
}
