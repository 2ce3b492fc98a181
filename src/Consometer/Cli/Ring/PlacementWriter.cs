using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Consometer.Cli.Output;
using Consometer.Rings;
using Consometer.Swift.Accounts;

namespace Consometer.Cli.Ring;

/// <summary>How <c>ring lookup</c> prints.</summary>
internal enum LookupFormat
{
    /// <summary>For people.</summary>
    Table,

    /// <summary>A line an account: account, partition, primary ids, handoff ids; the ids joined by commas.</summary>
    Tsv,

    /// <summary>One array with an object for each account.</summary>
    Json,
}

/// <summary>Prints placements one by one, so that a million accounts need no more memory than one.</summary>
internal sealed partial class PlacementWriter : IAsyncDisposable
{
    private const int BufferBytes = 1 << 16;

    private readonly StreamWriter _output;
    private readonly LookupFormat _format;
    private readonly int? _handoffsMax;
    private bool _isFirst = true;

    /// <param name="format">How to print.</param>
    /// <param name="handoffsMax">At most so many handoffs each; as many as there are primaries if null, like swift-get-nodes.</param>
    public PlacementWriter(LookupFormat format, int? handoffsMax)
    {
        _output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), BufferBytes);
        _format = format;
        _handoffsMax = handoffsMax;
    }

    /// <summary>Prints where an account, container or object is, and how its servers are asked for it.</summary>
    public void Write(LookupTarget target, PathHash hash, Placement placement)
    {
        var (primaries, handoffs) = Devices(placement);
        Separate();
        switch (_format)
        {
            case LookupFormat.Tsv:
                _output.Write(string.Create(CultureInfo.InvariantCulture, $"{target.Path}\t{placement.Partition}\t{Ids(primaries)}\t{Ids(handoffs)}\n"));
                break;
            case LookupFormat.Json:
                _output.Write(JsonText.Line(new
                {
                    account = target.Path,
                    hash = hash.ToString(),
                    placement.Partition,
                    primaries = primaries.Select(Describe),
                    handoffs = handoffs.Select(Describe),
                }));
                break;
            default:
                _output.WriteLine($"account    {Terminal.Visible(target.Path)}");
                _output.WriteLine($"hash       {hash}");
                WriteTable(placement, primaries, handoffs);
                WriteByHand(primaries.Concat(handoffs), device => target.Curl(device, placement.Partition), primaries.Length);
                WriteByHand(primaries.Concat(handoffs), device => Ssh(device, target.PathOn(device, placement.Partition, hash)), primaries.Length);
                break;
        }

        DeviceText Describe(Device device) => !IsPlain(device) ? DeviceText.Of(device) : DeviceText.Of(device) with
        {
            Curl = target.Curl(device, placement.Partition),
            Path = target.PathOn(device, placement.Partition, hash),
        };
    }

    /// <summary>Prints the devices of a partition.</summary>
    public void Write(Placement placement)
    {
        var (primaries, handoffs) = Devices(placement);
        Separate();
        if (_format == LookupFormat.Json)
        {
            _output.Write(JsonText.Line(new { placement.Partition, primaries = primaries.Select(DeviceText.Of), handoffs = handoffs.Select(DeviceText.Of) }));
        }
        else
        {
            WriteTable(placement, primaries, handoffs);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _output.Write(_format != LookupFormat.Json ? "" : _isFirst ? "[\n]\n" : "\n]\n");
        await _output.DisposeAsync();
    }

    private (Device[] Primaries, Device[] Handoffs) Devices(Placement placement)
    {
        var primaries = placement.Primaries().ToArray();
        return (primaries, [.. placement.Handoffs().Take(_handoffsMax ?? primaries.Length)]);
    }

    private void Separate()
    {
        _output.Write((_format, _isFirst) switch
        {
            (LookupFormat.Json, true) => "[\n",
            (LookupFormat.Json, false) => ",\n",
            (LookupFormat.Table, false) => "\n",
            _ => "",
        });
        _isFirst = false;
    }

    private void WriteTable(Placement placement, Device[] primaries, Device[] handoffs)
    {
        _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"partition  {placement.Partition}"));
        var addressWidth = primaries.Concat(handoffs).Select(device => Address(device).Length).Append("ADDRESS".Length).Max();
        _output.WriteLine($"{"",-11}{"ID",5} {"REGION",6} {"ZONE",4}  {"ADDRESS".PadRight(addressWidth)}  DEVICE");
        foreach (var (role, device) in primaries.Select(device => ("primary", device)).Concat(handoffs.Select(device => ("handoff", device))))
        {
            _output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{role,-11}{device.Id,5} {device.Region,6} {device.Zone,4}  {Address(device).PadRight(addressWidth)}  {Terminal.Visible(device.Name)}"));
        }
    }

    private void WriteByHand(IEnumerable<Device> devices, Func<Device, string> command, int primaries)
    {
        _output.WriteLine();
        foreach (var (index, device) in devices.Index())
        {
            _output.WriteLine(IsPlain(device) ? command(device) + (index < primaries ? "" : " # [Handoff]") : $"# device {device.Id}: its name or address is not fit for a shell");
        }
    }

    /// <summary>What the ring says is printed to be pasted into a shell: nothing in it may be more to the shell than a word.</summary>
    private static bool IsPlain(Device device) => Plain().IsMatch(device.Name) && Plain().IsMatch(device.Ip);

    private static string Ssh(Device device, string path) => $"ssh {device.Ip} \"ls -lah ${{DEVICE:-/srv/node*}}/{path}\"";

    private static string Address(Device device) => Terminal.Visible(Node.Of(device, Network.Client).ToString());

    private static string Ids(Device[] devices) => string.Join(',', devices.Select(device => device.Id));

    [GeneratedRegex(@"\A[\w.:][\w.:-]*\z")]
    private static partial Regex Plain();
}
