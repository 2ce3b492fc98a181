namespace Consometer.Scenarios.Lab;

/// <summary>What a sample says, without its dress.</summary>
internal sealed record Figure(string ProjectId, string Meter, long Volume)
{
    /// <summary>Both have the same figures, each once. A failure shows only the first few: all would be thousands.</summary>
    public static void AssertSame(IEnumerable<Figure> wanted, IEnumerable<Figure> found)
    {
        const int ShownMax = 5;
        Figure[] all = [.. wanted];
        Figure[] got = [.. found];
        Assert.NotEmpty(all);
        Assert.Equal([], all.Except(got).Take(ShownMax));
        Assert.Equal([], got.Except(all).Take(ShownMax));
        Assert.Equal(all.Length, got.Length);
    }
}
