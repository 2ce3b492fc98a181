using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Consometer.Delivery.Store;

/// <summary>The connection to the database. What SQLite fails at (a full disk, damage, a lock held too long) is a <see cref="StoreException"/>.</summary>
internal sealed class StoreConnection : IDisposable
{
    /// <summary>SQLITE_CORRUPT and SQLITE_NOTADB (sqlite3.h).</summary>
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    /// <summary>SQLITE_CANTOPEN: whatever is the matter, SQLite says the same.</summary>
    private const int CannotOpen = 14;

    private readonly SqliteConnection _connection;
    private readonly string _path;

    private StoreConnection(SqliteConnection connection, string path)
    {
        _connection = connection;
        _path = path;
    }

    /// <param name="dataSource">The file; empty for a database that is gone when it is closed.</param>
    /// <param name="path">Its name in errors.</param>
    /// <param name="mode">Whether it may be made or written.</param>
    public static StoreConnection Open(string dataSource, string path, SqliteOpenMode mode = SqliteOpenMode.ReadWriteCreate)
    {
        // Pooling would keep the file open after the store is closed.
        var connection = new StoreConnection(
            new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = dataSource, Mode = mode, Pooling = false }.ToString()), path);
        connection.Try(() =>
        {
            connection._connection.Open();
            return 0;
        });
        return connection;
    }

    /// <summary>A statement for many rows.</summary>
    public StoreStatement Prepare(string sql) => new(this, sql);

    /// <returns>How many rows changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Bind(sql, parameters);
        return Try(command.ExecuteNonQuery);
    }

    /// <summary>The one value that a query gives; null if it gives none.</summary>
    public object? Scalar(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Bind(sql, parameters);
        return Try(command.ExecuteScalar) is var value and not DBNull ? value : null;
    }

    /// <summary>The rows of a query, read as they are asked for.</summary>
    public IEnumerable<T> Query<T>(string sql, Func<SqliteDataReader, T> map, params (string Name, object Value)[] parameters)
    {
        using var command = Bind(sql, parameters);
        using var reader = Try(command.ExecuteReader);
        while (Try(reader.Read))
        {
            yield return map(reader);
        }
    }

    /// <summary>All of it or nothing.</summary>
    public void InTransaction(Action work)
    {
        Execute("BEGIN IMMEDIATE");
        var done = false;
        try
        {
            work();
            Execute("COMMIT");
            done = true;
        }
        finally
        {
            if (!done)
            {
                Rollback();
            }
        }
    }

    /// <summary>The number of a meter's name, which is given when it comes first.</summary>
    public long NumberOfMeter(string name) =>
        (long)Scalar("INSERT INTO meter (name) VALUES ($name) ON CONFLICT (name) DO UPDATE SET name = name RETURNING id", ("$name", name))!;

    /// <summary>Compiles a statement.</summary>
    /// <exception cref="StoreException">SQLite cannot.</exception>
    internal sqlite3_stmt Compile(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_connection.Handle, sql, out var statement));
        return statement;
    }

    /// <summary>Takes what SQLite answered (a result code, sqlite3.h).</summary>
    /// <exception cref="StoreException">It is not SQLITE_OK.</exception>
    internal void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            Throw(code);
        }
    }

    /// <summary>A failure of the store that is none of SQLite's.</summary>
    public StoreException Failure(string found) => new(_path, found);

    /// <summary>The file is damaged, or somebody else's.</summary>
    public StoreException WrongFile(string found) => new(_path, found) { IsFileWrong = true };

    public void Dispose() => _connection.Dispose();

    private SqliteCommand Bind(string sql, ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }

    /// <summary>After a failure that SQLite has rolled back for already there is nothing to do, and that failure is the one to tell.</summary>
    private void Rollback()
    {
        try
        {
            Execute("ROLLBACK");
        }
        catch (StoreException)
        {
        }
    }

    private void Throw(int code) => Try(() =>
    {
        SqliteException.ThrowExceptionForRC(code, _connection.Handle);
        return code;
    });

    private T Try<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException e)
        {
            var found = e.SqliteErrorCode == CannotOpen ? $"cannot be opened: may this user read it, and what is beside it, and write there? ({e.Message})" : e.Message;
            throw new StoreException(_path, found, e) { IsFileWrong = e.SqliteErrorCode is Corrupt or NotADatabase };
        }
    }
}
