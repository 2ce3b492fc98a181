using System.Text;
using SQLitePCL;

namespace Consometer.Delivery.Store;

/// <summary>
/// A statement for many rows: compiled once, its values bound by their place. A command of Microsoft.Data.Sqlite looks every value up by its name every time and makes
/// a dozen objects, which takes longer than what SQLite does with a small row.
/// </summary>
/// <remarks>For the transaction that is open: nobody waits here for another process's lock.</remarks>
/// <param name="connection">Where it is run.</param>
/// <param name="sql">One statement. Each parameter has its name once.</param>
internal sealed class StoreStatement(StoreConnection connection, string sql) : IDisposable
{
    /// <summary>Longer texts have an array of their own.</summary>
    private const int StackBytesMax = 512;

    private sqlite3_stmt? _compiled;

    /// <summary>Runs it to its end.</summary>
    /// <param name="values">Those of its parameters, in their order.</param>
    /// <returns>The number that the first row begins with; null without a row.</returns>
    /// <exception cref="StoreException">SQLite fails.</exception>
    public long? Run(params ReadOnlySpan<StoreValue> values)
    {
        _compiled ??= connection.Compile(sql);
        for (var i = 0; i < values.Length; i++)
        {
            connection.Check(Bind(_compiled, i + 1, values[i]));
        }

        long? first = null;
        int code;
        while ((code = raw.sqlite3_step(_compiled)) == raw.SQLITE_ROW)
        {
            first ??= raw.sqlite3_column_int64(_compiled, 0);
        }

        // Which says again what it failed with.
        var end = raw.sqlite3_reset(_compiled);
        connection.Check(code == raw.SQLITE_DONE ? end : code);
        return first;
    }

    public void Dispose() => _compiled?.Dispose();

    private static int Bind(sqlite3_stmt statement, int place, StoreValue value) => value.Rest switch
    {
        null => raw.sqlite3_bind_null(statement, place),
        string text => Bind(statement, place, text),
        byte[] bytes => raw.sqlite3_bind_blob(statement, place, bytes),
        _ => raw.sqlite3_bind_int64(statement, place, value.Number),
    };

    private static int Bind(sqlite3_stmt statement, int place, string text)
    {
        var bytesMax = Encoding.UTF8.GetMaxByteCount(text.Length);
        var bytes = bytesMax <= StackBytesMax ? stackalloc byte[StackBytesMax] : new byte[bytesMax];
        return raw.sqlite3_bind_text(statement, place, bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
    }
}
