using System.Globalization;

namespace Consometer.Configuration;

/// <summary>Bytes as people write them: <c>1073741824</c>, <c>1GiB</c>.</summary>
internal static class ByteCount
{
    private static readonly string[] Units = ["", "KiB", "MiB", "GiB", "TiB"];

    public static long? TryParse(string text)
    {
        var number = text.TrimEnd([.. "KMGTiB"]);
        var power = Array.IndexOf(Units, text[number.Length..]);
        return power >= 0 && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= long.MaxValue >> (10 * power)
            ? count << (10 * power)
            : null;
    }
}
