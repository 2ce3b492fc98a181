using Consometer.Configuration;

namespace Consometer.Tests.Configuration;

public sealed class DurationTests
{
    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("30s", 30)]
    [InlineData("10m", 600)]
    [InlineData("1h", 3600)]
    [InlineData("1h30m", 5400)]
    [InlineData("1d", 86400)]
    [InlineData("1.5h", 5400)]
    [InlineData("1m0.5s", 60.5)]
    [InlineData("0s", 0)]
    [InlineData("366d", 366 * 86400)]
    public void What_the_older_program_took_is_taken(string text, double seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), Duration.TryParse(text));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("1")]
    [InlineData("h")]
    [InlineData("1 h")]
    [InlineData(" 1h")]
    [InlineData("1h\n")]
    [InlineData("1H")]
    [InlineData("-1h")]
    [InlineData("+1h")]
    [InlineData(".5h")]
    [InlineData("1.h")]
    [InlineData("1,5h")]
    [InlineData("1e3s")]
    [InlineData("1w")]
    [InlineData("1us")]
    [InlineData("1h 30m")]
    [InlineData("1hh")]
    [InlineData("367d")]
    [InlineData("999999999d")]
    [InlineData("9999999999s")]
    [InlineData("١s")]
    public void Anything_else_is_none(string text) => Assert.Null(Duration.TryParse(text));
}
