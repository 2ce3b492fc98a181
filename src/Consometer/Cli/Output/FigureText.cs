using System.Globalization;
using Consometer.Metering.Samples;

namespace Consometer.Cli.Output;

/// <summary>Figures as a person reads them; the formats for machines have them exactly.</summary>
internal static class FigureText
{
    private const decimal Kibi = 1024;

    private static readonly string[] BinaryUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"];

    /// <summary>Bytes with a unit and four digits, so nine characters at most; counts with one decimal at most.</summary>
    /// <param name="meter">The meter, for its unit.</param>
    /// <param name="figure">In the meter's unit.</param>
    public static string Of(Meter meter, decimal figure) => meter.Unit == "B" ? Bytes(figure) : figure.ToString("#,##0.#", CultureInfo.InvariantCulture);

    /// <summary>What a column of a meter is called, under a title that says what it is of: the last word of its name.</summary>
    public static string Title(Meter meter) => meter.Name[(meter.Name.LastIndexOf('.') + 1)..].ToUpperInvariant();

    /// <summary>A round's time: UTC, with seconds only where there are some.</summary>
    public static string Of(DateTimeOffset time) => time.UtcDateTime.ToString(time.Second == 0 ? "yyyy-MM-dd HH:mm" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Bytes with a unit and four digits.</summary>
    public static string Bytes(decimal bytes)
    {
        var unit = 0;
        while (bytes >= Kibi && unit < BinaryUnits.Length - 1)
        {
            bytes /= Kibi;
            unit++;
        }

        var format = unit == 0 ? "0" : bytes switch { < 100 => "0.00", < 1000 => "0.0", _ => "0" };
        return $"{bytes.ToString(format, CultureInfo.InvariantCulture)} {BinaryUnits[unit]}";
    }
}
