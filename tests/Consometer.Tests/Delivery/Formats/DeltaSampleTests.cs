using System.Text;
using System.Text.Json;
using Consometer.Delivery.Formats;
using Consometer.Metering.Requests;
using Consometer.Metering.Samples;

namespace Consometer.Tests.Delivery.Formats;

/// <summary>Samples of what there was in an interval, in both formats: as any other but for their type.</summary>
public sealed class DeltaSampleTests
{
    private static readonly Sample Delta = FormatSamples.Plain with { Meter = RequestMeters.All[RequestMeters.Incoming], Volume = 4096, Origin = "proxy-1 /var/log/access.log" };

    [Fact]
    public void In_the_older_program_s_format()
    {
        var data = JsonElement.Parse(new ConsometerFormat().Encode([Delta])).GetProperty("args").GetProperty("data")[0];

        Assert.Equal(
            ("storage.objects.incoming.bytes", "delta", "B", "4096", "2026-11-21T21:30:00Z", Delta.MessageId),
            (Text(data, "counter_name"), Text(data, "counter_type"), Text(data, "counter_unit"), Text(data, "counter_volume"), Text(data, "timestamp"), data.GetProperty("message_id").GetGuid()));
        Assert.DoesNotContain("proxy-1", data.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void In_Ceilometer_s()
    {
        var envelope = JsonElement.Parse(new CeilometerFormat(FormatSamples.Secret, FormatSamples.Clock()).Encode([Delta, Delta with { Origin = "proxy-2 /var/log/access.log" }]));
        var samples = JsonElement.Parse(Encoding.UTF8.GetBytes(Text(envelope, "oslo.message"))).GetProperty("payload").GetProperty("samples");

        Assert.Equal(("delta", 4096, Delta.MessageId), (Text(samples[0], "counter_type"), samples[0].GetProperty("counter_volume").GetInt64(), samples[0].GetProperty("message_id").GetGuid()));
        Assert.NotEqual(samples[0].GetProperty("message_id").GetGuid(), samples[1].GetProperty("message_id").GetGuid());
    }

    private static string Text(JsonElement json, string property) => json.GetProperty(property).GetString()!;
}
