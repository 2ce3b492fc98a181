using System.Buffers;
using System.Text;
using Consometer.Export.Prometheus;

namespace Consometer.Tests.Export;

/// <summary>The text format, byte for byte.</summary>
public sealed class PrometheusTextTests
{
    [Fact]
    public void The_smallest_page_is_a_family_of_one_line() => Assert.Equal(
        """
        # HELP one What it is.
        # TYPE one gauge
        one 0

        """,
        Written(text =>
        {
            text.Family("one", "gauge", "What it is.");
            text.Begin("one");
            text.End(0L);
        }));

    [Fact]
    public void What_is_in_labels_and_help_is_escaped_and_what_is_no_Unicode_replaced() => Assert.Equal(
        """
        # HELP odd A \\ and\na line.
        # TYPE odd gauge
        odd{a="\"quoted\"",b="C:\\new\nline",c="ünïcödé ✓",d="half � of a pair",e=""} 1

        """,
        Written(text =>
        {
            text.Family("odd", "gauge", "A \\ and\na line.");
            text.Begin("odd");
            text.Label("a", "\"quoted\"");
            text.Label("b", "C:\\new\nline");
            text.Label("c", "ünïcödé ✓");
            text.Label("d", "half \ud800 of a pair");
            text.Label("e", "");
            text.End(1L);
        }));

    [Theory]
    [InlineData(1e15, "1000000000000000")]
    [InlineData(9007199254740992d, "9007199254740992")]
    [InlineData(1795266000d, "1795266000")]
    [InlineData(0.1, "0.1")]
    [InlineData(-2.5, "-2.5")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    public void A_number_has_all_its_digits(double value, string written) => Assert.Equal($"x {written}\n", Written(text =>
    {
        text.Begin("x");
        text.End(value);
    }));

    [Fact]
    public void The_largest_count_there_is_has_all_its_digits() => Assert.Equal($"x 9223372036854775807\n", Written(text =>
    {
        text.Begin("x");
        text.End(long.MaxValue);
    }));

    private static string Written(Action<PrometheusText> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        write(new PrometheusText(buffer));
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
