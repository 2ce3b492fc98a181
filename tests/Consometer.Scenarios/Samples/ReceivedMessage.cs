using System.Text.Json;

namespace Consometer.Scenarios.Samples;

/// <summary>Which of its two forms a message has.</summary>
public enum MessageFormat
{
    /// <summary><c>{"args": {"data": [SAMPLE…]}}</c>.</summary>
    Consometer,

    /// <summary>A notification of Ceilometer's, as text in an envelope of oslo's.</summary>
    Ceilometer,
}

/// <summary>A message as the broker delivered it.</summary>
internal sealed record ReceivedMessage(string Exchange, string RoutingKey, string? ContentType, bool Persistent, bool Redelivered, string Body)
{
    private readonly Lazy<(MessageFormat Format, ReceivedSample[] Samples)> _read = new(() => Read(Body));

    public MessageFormat Format => _read.Value.Format;

    public ReceivedSample[] Samples => _read.Value.Samples;

    private static (MessageFormat Format, ReceivedSample[] Samples) Read(string body)
    {
        var message = JsonElement.Parse(body);
        if (message.TryGetProperty("args", out var args))
        {
            return (MessageFormat.Consometer, All(args.GetProperty("data")));
        }

        Assert.Equal("2.0", message.GetProperty("oslo.version").GetString());
        var notification = JsonElement.Parse(message.GetProperty("oslo.message").GetString()!);
        Assert.Equal("telemetry.polling", notification.GetProperty("event_type").GetString());
        return (MessageFormat.Ceilometer, All(notification.GetProperty("payload").GetProperty("samples")));
    }

    private static ReceivedSample[] All(JsonElement samples) => [.. samples.EnumerateArray().Select(ReceivedSample.FromMessage)];
}
