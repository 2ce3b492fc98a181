using System.Globalization;
using System.Text.RegularExpressions;
using Consometer.Rings;

namespace Consometer.Metering.Polling;

/// <summary>
/// Which regions and zones are asked first, as the proxy's <c>read_affinity</c>: <c>r1z1=100, r1=200</c>, the lower number first,
/// everything else last (<c>swift/common/utils/__init__.py</c>, <c>affinity_key_function</c>).
/// </summary>
public sealed partial class ReadAffinity
{
    private readonly (int Region, int? Zone, int Priority)[] _preferences;

    private ReadAffinity((int Region, int? Zone, int Priority)[] preferences) => _preferences = preferences;

    /// <summary>As it is written; empty for none.</summary>
    public override string ToString() =>
        string.Join(", ", _preferences.Select(each => string.Create(CultureInfo.InvariantCulture, $"r{each.Region}{(each.Zone is { } zone ? $"z{zone}" : "")}={each.Priority}")));

    /// <summary>No preference.</summary>
    public static ReadAffinity None { get; } = new([]);

    /// <summary>Reads a preference; empty text is none.</summary>
    /// <returns>Null if it is not one.</returns>
    public static ReadAffinity? Parse(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return None;
        }

        var pieces = text.Split(',', StringSplitOptions.TrimEntries).Select(piece => Preference().Match(piece)).ToArray();
        return pieces.All(piece => piece.Success) ? new ReadAffinity([.. pieces.Select(Read).OrderBy(preference => preference.Priority)]) : null;
    }

    /// <summary>The lower, the earlier it is asked.</summary>
    public int PriorityOf(Device device)
    {
        foreach (var (region, zone, priority) in _preferences)
        {
            if (device.Region == region && (zone is null || device.Zone == zone))
            {
                return priority;
            }
        }

        return int.MaxValue;
    }

    private static (int Region, int? Zone, int Priority) Read(Match match) =>
        (Number(match.Groups["region"]), match.Groups["zone"].Success ? Number(match.Groups["zone"]) : null, Number(match.Groups["priority"]));

    private static int Number(Group digits) => int.Parse(digits.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\Ar(?<region>[0-9]{1,9})(z(?<zone>[0-9]{1,9}))?=(?<priority>[0-9]{1,9})\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Preference();
}
