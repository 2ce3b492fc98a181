using System.Text;
using Consometer.Delivery.Store;

namespace Consometer.Tests.Delivery;

/// <summary>What is written row by row is there as it was given.</summary>
public sealed class StoreStatementTests : IDisposable
{
    private readonly StoreConnection _store = StoreConnection.Open("", "temporary");

    public StoreStatementTests() => _store.Execute("CREATE TABLE kept (id INTEGER PRIMARY KEY, value NOT NULL)");

    public void Dispose() => _store.Dispose();

    public static TheoryData<string> Texts => ["", "AUTH_漢字-🪣", "before\0after", new string('x', 2000)];

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_text_is_kept_whole(string text)
    {
        using var insert = _store.Prepare("INSERT INTO kept (value) VALUES ($value) RETURNING id");

        Assert.Equal([1L, 2L], [insert.Run(text), insert.Run(text)]);
        Assert.Equal(2L, _store.Scalar("SELECT count(*) FROM kept WHERE value = CAST($value AS TEXT) AND typeof(value) = 'text'", ("$value", Encoding.UTF8.GetBytes(text))));
    }

    [Fact]
    public void Numbers_and_bytes_are_kept_and_what_is_not_there_has_no_number()
    {
        using var insert = _store.Prepare("INSERT INTO kept (id, value) VALUES ($id, $value)");
        using var find = _store.Prepare("SELECT value FROM kept WHERE id = $id");

        Assert.Null(insert.Run(1, long.MinValue));
        Assert.Null(insert.Run(2, new byte[] { 0, 255 }));

        Assert.Equal(long.MinValue, find.Run(1));
        Assert.Equal("00FF", _store.Scalar("SELECT hex(value) FROM kept WHERE id = 2"));
        Assert.Null(find.Run(3));
    }

    [Fact]
    public void One_that_fails_says_where_and_why_and_can_be_run_again()
    {
        using var insert = _store.Prepare("INSERT INTO kept (id, value) VALUES ($id, $value)");

        var failure = Assert.Throws<StoreException>(() => insert.Run(1, (string?)null));
        Assert.Null(insert.Run(1, "there"));

        Assert.Contains("temporary", failure.Message, StringComparison.Ordinal);
        Assert.Contains("NOT NULL", failure.Message, StringComparison.Ordinal);
    }
}
