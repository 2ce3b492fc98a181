using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Consometer.Rings.Inspection;

/// <summary>
/// Devices by <c>swift-ring-builder</c>'s search value,
/// <c>d&lt;id&gt;r&lt;region&gt;z&lt;zone&gt;-&lt;ip&gt;:&lt;port&gt;R&lt;replication ip&gt;:&lt;port&gt;/&lt;device&gt;_&lt;meta&gt;</c>, of which any part may
/// be left out (<c>swift/common/ring/utils.py</c>, <c>parse_search_value</c>; <c>RingBuilder.search_devs</c>).
/// </summary>
public sealed partial class DeviceSearch
{
    private readonly Match _value;

    private DeviceSearch(Match value) => _value = value;

    /// <summary>Reads a search value.</summary>
    /// <returns>Null if it is none.</returns>
    public static DeviceSearch? Parse(string value)
    {
        var match = SearchValue().Match(value);
        return match.Success && IsIpIfSaid(match.Groups["ip"]) && IsIpIfSaid(match.Groups["rip"]) ? new DeviceSearch(match) : null;
    }

    /// <summary>Whether a device is what was searched for: the meta contains the one said, everything else is equal to it.</summary>
    public bool Matches(Device device) =>
        IsNumber("id", device.Id) && IsNumber("region", device.Region) && IsNumber("zone", device.Zone)
        && IsIp("ip", device.Ip) && IsNumber("port", device.Port)
        && IsIp("rip", device.ReplicationIp) && IsNumber("rport", device.ReplicationPort)
        && (Said("device") is not { } name || name == device.Name)
        && (Said("meta") is not { } meta || device.Meta.Contains(meta, StringComparison.Ordinal));

    private bool IsNumber(string part, int found) =>
        Said(part) is not { } digits || (int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var wanted) && wanted == found);

    private bool IsIp(string part, string found) => Said(part) is not { } wanted || Ip(wanted) == Ip(found);

    private string? Said(string part) => _value.Groups[part] is { Success: true } group ? group.Value : null;

    private static bool IsIpIfSaid(Group group) => !group.Success || Ip(group.Value) is not null;

    /// <summary>An address as Swift writes it in rings; null if it is none. A host name is none.</summary>
    private static string? Ip(string text) =>
        !IPAddress.TryParse(text, out var address) || text.Contains('%', StringComparison.Ordinal) ? null
        : address.AddressFamily == AddressFamily.InterNetwork && address.ToString() != text ? null
        : address.ToString();

    /// <summary>
    /// A number takes every digit there is: the address in <c>z11.2.3.4</c> wants its dash, or the zone would be 1. A bracket that nothing
    /// closes is closed by the end.
    /// </summary>
    [GeneratedRegex(
        """
        \A(d(?<id>(?>[0-9]+)))?(r(?<region>(?>[0-9]+)))?(z(?<zone>(?>[0-9]+)))?-?
        ((?<ip>[0-9][0-9.]*)|\[+(?<ip>[^\]]*)(\]|\z))?(:(?<port>[0-9]+))?
        (R((?<rip>[0-9][0-9.]*)|\[+(?<rip>[^\]]*)(\]|\z))?(:(?<rport>[0-9]+))?)?
        (/(?<device>[^_]*))?(_(?<meta>.*))?\z
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex SearchValue();
}
