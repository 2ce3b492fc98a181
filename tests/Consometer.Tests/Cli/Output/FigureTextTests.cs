using System.Globalization;
using Consometer.Cli.Output;
using Consometer.Metering.Requests;
using Consometer.Metering.Samples;

namespace Consometer.Tests.Cli.Output;

/// <summary>Figures as a person reads them.</summary>
public sealed class FigureTextTests
{
    [Theory]
    [InlineData("0", "0 B")]
    [InlineData("1023", "1023 B")]
    [InlineData("1024", "1.00 KiB")]
    [InlineData("102400", "100.0 KiB")]
    [InlineData("1048575", "1024 KiB")]
    [InlineData("993059742637", "924.9 GiB")]
    [InlineData("9223372036854775807", "8.00 EiB")]
    [InlineData("9223372036854775807000", "7.81 ZiB")]
    [InlineData("512.6", "513 B")]
    public void Bytes_have_a_unit_and_four_digits(string bytes, string text)
    {
        var shown = FigureText.Of(Meter(MeterCatalogue.Size), decimal.Parse(bytes, CultureInfo.InvariantCulture));

        Assert.Equal(text, shown);
        Assert.InRange(shown.Length, 1, 9);
    }

    [Theory]
    [InlineData("0", "0")]
    [InlineData("1234567", "1,234,567")]
    [InlineData("0.25", "0.3")]
    [InlineData("12.04", "12")]
    public void Counts_have_one_decimal_at_most(string count, string text) =>
        Assert.Equal(text, FigureText.Of(Meter("storage.objects"), decimal.Parse(count, CultureInfo.InvariantCulture)));

    /// <summary>Titles are the last word of the name: it must tell apart what stands in one table.</summary>
    [Fact]
    public void Meters_of_one_kind_have_titles_of_their_own() => Assert.All(
        MeterCatalogue.All.Where(meter => meter is not RequestMeter).GroupBy(meter => meter.GetType()),
        kind => Assert.Equal(kind.Count(), kind.Select(FigureText.Title).Distinct().Count()));

    private static Meter Meter(string name) => MeterCatalogue.All.Single(meter => meter.Name == name);
}
