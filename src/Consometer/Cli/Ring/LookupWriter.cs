using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
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
internal sealed class LookupWriter(TextWriter output, LookupFormat format)
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private bool _isFirst = true;

    public void Begin() => output.Write(format == LookupFormat.Json ? "[" : "");

    public void End() => output.Write(format == LookupFormat.Json ? "\n]\n" : "");

    public void Write(string account, PathHash hash, uint partition, IReadOnlyList<Device> primaries, IEnumerable<Device> handoffs)
    {
        switch (format)
        {
            case LookupFormat.Tsv:
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{account}\t{partition}\t{Ids(primaries)}\t{Ids(handoffs)}"));
                break;
            case LookupFormat.Json:
                output.Write(_isFirst ? "\n" : ",\n");
                output.Write(JsonSerializer.Serialize(
                    new { account, hash = hash.ToString(), partition, primaries = primaries.Select(Describe), handoffs = handoffs.Select(Describe) }, Json));
                break;
            default:
                output.Write(_isFirst ? "" : Environment.NewLine);
                WriteTable(account, hash, partition, primaries, handoffs);
                break;
        }

        _isFirst = false;
    }

    private void WriteTable(string account, PathHash hash, uint partition, IReadOnlyList<Device> primaries, IEnumerable<Device> handoffs)
    {
        output.WriteLine($"account    {account}");
        output.WriteLine($"hash       {hash}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"partition  {partition}"));
        output.WriteLine($"{"",-11}{"ID",5} {"REGION",6} {"ZONE",4}  {"ADDRESS",-44} DEVICE");
        foreach (var (role, device) in primaries.Select(device => ("primary", device)).Concat(handoffs.Select(device => ("handoff", device))))
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{role,-11}{device.Id,5} {device.Region,6} {device.Zone,4}  {Node.Of(device, Network.Client).ToString(),-44} {device.Name}"));
        }
    }

    private static object Describe(Device device) => new
    {
        id = device.Id,
        region = device.Region,
        zone = device.Zone,
        ip = device.Ip,
        port = device.Port,
        replication_ip = device.ReplicationIp,
        replication_port = device.ReplicationPort,
        device = device.Name,
        weight = device.Weight,
        meta = device.Meta,
    };

    private static string Ids(IEnumerable<Device> devices) => string.Join(',', devices.Select(device => device.Id));
}
