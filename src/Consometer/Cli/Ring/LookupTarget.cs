using System.Globalization;
using System.Text.RegularExpressions;
using Consometer.Cli.Output;
using Consometer.Configuration;
using Consometer.Rings;
using Consometer.Swift.Accounts;

namespace Consometer.Cli.Ring;

/// <summary>
/// An account, a container or an object, and how its servers are asked for it by hand, in the words of <c>swift-get-nodes</c>
/// (<c>swift/cli/info.py</c>).
/// </summary>
/// <param name="Path"><c>ACCOUNT</c>, <c>ACCOUNT/CONTAINER</c> or <c>ACCOUNT/CONTAINER/OBJECT</c>.</param>
/// <param name="RingKind">What the ring is of by its name: account, container or object; null if its name says nothing.</param>
/// <param name="PolicyIndex">The storage policy that the ring is for, where its name says one.</param>
internal sealed partial record LookupTarget(string Path, string? RingKind, int? PolicyIndex)
{
    private static readonly string[] Kinds = ["account", "container", "object"];

    /// <summary>What it is: account, container or object.</summary>
    public string Kind => Kinds[Path.Split('/', Kinds.Length).Length - 1];

    /// <summary>Whether the ring's name says that it is of something else: then nothing is where it says.</summary>
    public bool IsOfAnotherRing => RingKind is not null && RingKind != Kind;

    private bool IsOfPolicy => PolicyIndex is not null && Kind == "object";

    /// <summary>The target of a path in a ring.</summary>
    /// <param name="path">The path.</param>
    /// <param name="ringFile">The ring's file: <c>object-1.ring.gz</c> is of policy 1.</param>
    /// <exception cref="ConfigurationException">A slash too many: nothing in Swift has an empty name, and the hash would be of nothing there is.</exception>
    public static LookupTarget Of(string path, string ringFile)
    {
        if (path.Split('/', Kinds.Length).Contains(""))
        {
            throw new ConfigurationException($"wanted ACCOUNT, ACCOUNT/CONTAINER or ACCOUNT/CONTAINER/OBJECT, found \"{Terminal.Visible(path)}\"");
        }

        var name = RingName().Match(System.IO.Path.GetFileName(ringFile));
        return new LookupTarget(
            path,
            name.Success ? name.Groups["kind"].Value : null,
            name.Groups["policy"] is { Success: true, Value: var policy } ? int.Parse(policy, CultureInfo.InvariantCulture) : null);
    }

    /// <summary>A command that asks a device's server.</summary>
    public string Curl(Device device, uint partition)
    {
        var escaped = string.Join('/', new[] { device.Name }.Append(partition.ToString(CultureInfo.InvariantCulture)).Concat(Path.Split('/')).Select(Uri.EscapeDataString));
        var policy = IsOfPolicy ? string.Create(CultureInfo.InvariantCulture, $" -H \"X-Backend-Storage-Policy-Index: {PolicyIndex}\"") : "";
        return $"curl -g -I -XHEAD \"http://{Node.Of(device, Network.Client)}/{escaped}\"{policy} --path-as-is";
    }

    /// <summary>Its folder, below the node's folder of devices (<c>swift/common/utils/__init__.py</c>, <c>storage_directory</c>).</summary>
    public string PathOn(Device device, uint partition, PathHash hash)
    {
        var policy = IsOfPolicy ? string.Create(CultureInfo.InvariantCulture, $"-{PolicyIndex}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{device.Name}/{Kind}s{policy}/{partition}/{hash.ToString()[^3..]}/{hash}");
    }

    [GeneratedRegex(@"\A(?<kind>account|container|object)(-(?<policy>[0-9]{1,9}))?\.ring\.gz\z", RegexOptions.ExplicitCapture)]
    private static partial Regex RingName();
}
