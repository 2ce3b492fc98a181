using Consometer.Swift;

namespace Consometer.Tests.Swift;

/// <summary>Names as a round has them by the million: what it meters hangs on none being lost, made twice or changed.</summary>
public sealed class NameSetTests
{
    [Fact]
    public void Each_name_is_there_once_in_the_order_they_came()
    {
        string[] given = ["b", "a", "b", "AUTH_é\U0001F600", "AUTH_é\U0001F600"];
        var names = new NameSet();

        Assert.Equal([true, true, false, true, false], given.Select(names.Add));
        Assert.Equal(["b", "a", "AUTH_é\U0001F600"], names);
        Assert.Equal(3, names.Count);
    }

    /// <summary>Against the base library's set: many chunks and many sizes of the table, names of every length that meets a chunk's end.</summary>
    [Fact]
    public void A_hundred_thousand_names_of_all_lengths_are_what_a_set_of_strings_has()
    {
        var random = new Random(1);
        var names = new NameSet();
        var set = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 100_000; i++)
        {
            var name = $"{random.Next(80_000)}{new string('x', random.Next(60))}";
            Assert.Equal(set.Add(name), names.Add(name));
        }

        Assert.True(set.SetEquals(names));
        Assert.Equal(set.Count, names.Count);
    }

    [Theory]
    [InlineData((1 << 20) - 4)]
    [InlineData((1 << 20) - 9)]
    [InlineData(1 << 20)]
    [InlineData(3_000_000)]
    public void A_name_that_fills_a_chunk_or_more_is_a_name_like_others(int length)
    {
        string[] expected = ["before", new string('x', length), "after", new string('y', length), "last"];
        var names = new NameSet();

        Assert.All(expected, name => Assert.True(names.Add(name)));
        Assert.All(expected, name => Assert.False(names.Add(name)));
        Assert.Equal(expected, names);
    }

    [Fact]
    public void A_set_with_nothing_in_it_has_no_names() => Assert.Empty(new NameSet());
}
