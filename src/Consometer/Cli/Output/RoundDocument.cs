using System.Text.Json;
using Consometer.Delivery.Store;
using Consometer.Metering.Rounds;

namespace Consometer.Cli.Output;

/// <summary>
/// A round as one JSON document: the report, every account without a figure and why, every account whose replicas disagree, every
/// orphan, and the samples. Written as it is read from the store, so that its size costs no memory.
/// </summary>
internal static class RoundDocument
{
    public static void Write(RoundEntry entry, RoundReport report, Stream output)
    {
        using var json = new Utf8JsonWriter(output, SampleWriter.Json);
        json.WriteStartObject();
        json.WritePropertyName("report");
        json.WriteRawValue(report.ToJson());
        WriteAccounts(json, "unknown", entry.Unknown());
        WriteAccounts(json, "unlisted", entry.Unlisted());
        WriteAccounts(json, "disagreeing", entry.Disagreeing());
        WriteAccounts(json, "orphans", entry.Orphans(), remark: "found");
        json.WriteStartArray("samples");
        foreach (var sample in entry.Samples())
        {
            SampleWriter.Write(json, sample);
            json.Flush();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    private static void WriteAccounts(Utf8JsonWriter json, string name, IEnumerable<AccountRemark> accounts, string remark = "replicas")
    {
        json.WriteStartArray(name);
        foreach (var account in accounts)
        {
            json.WriteStartObject();
            json.WriteString("account", account.Account);
            json.WriteString(remark, account.Replicas);
            json.WriteEndObject();
            json.Flush();
        }

        json.WriteEndArray();
    }
}
