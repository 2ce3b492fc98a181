using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Consometer.Delivery.Formats;
using Consometer.Metering.Samples;

namespace Consometer.Tests.Delivery.Formats;

/// <summary>Messages for Ceilometer's notification agent: <c>fixtures/messages/ceilometer-accepted.json</c> is one that it took.</summary>
public sealed class CeilometerFormatTests
{
    private static readonly string Accepted = File.ReadAllText(Fixtures.Find("messages", "ceilometer-accepted.json"));

    /// <summary>What cannot be equal: the ids, and the signature that has one of them in it.</summary>
    private static readonly string[] OwnToAMessage = ["/message_id", "/_unique_id", "/payload/samples/0/message_id", "/payload/samples/0/message_signature"];

    [Fact]
    public void The_sample_of_the_accepted_message_makes_it_again_but_for_its_ids()
    {
        Assert.Equal(Leaves(Accepted), Leaves(Encode(FormatSamples.Plain)));

        static IEnumerable<string> Leaves(string message) =>
            FormatSamples.Leaves(JsonDocument.Parse(message).RootElement).Where(leaf => !leaf.StartsWith("/oslo.message ", StringComparison.Ordinal))
                .Concat(FormatSamples.Leaves(Notification(message)).Select(WithoutId).Order(StringComparer.Ordinal));

        static string WithoutId(string leaf) => OwnToAMessage.FirstOrDefault(path => leaf.StartsWith($"{path} String ", StringComparison.Ordinal)) ?? leaf;
    }

    /// <summary>Ceilometer's own <c>compute_signature</c> makes these signatures of these samples.</summary>
    [Fact]
    public void A_whole_message_is_this() =>
        Assert.Equal(
            """
            {"oslo.version":"2.0","oslo.message":"{\"publisher_id\":\"ceilometer.polling\",\"event_type\":\"telemetry.polling\",\"priority\":\"SAMPLE\",\"timestamp\":\"2026-11-21 21:30:00.000000\",\"payload\":{\"samples\":[{\"source\":\"openstack\",\"counter_name\":\"storage.objects.size\",\"counter_type\":\"gauge\",\"counter_unit\":\"B\",\"counter_volume\":107374182400,\"user_id\":null,\"project_id\":\"0123456789abcdef0123456789abcdef\",\"resource_id\":\"0123456789abcdef0123456789abcdef\",\"timestamp\":\"2026-11-21T21:30:00.000000\",\"resource_metadata\":{},\"message_id\":\"c6485f1a-06d7-5794-9e41-6631bde92cbb\",\"monotonic_time\":null,\"message_signature\":\"fffaa313e9b54f56be7c45a69038f7e7611ae8e594b126a87908efc273d6234f\"},
            {\"source\":\"openstack\",\"counter_name\":\"storage.containers.objects.size\",\"counter_type\":\"gauge\",\"counter_unit\":\"B\",\"counter_volume\":9223372036854775807,\"user_id\":null,\"project_id\":\"0123456789abcdef0123456789abcdef\",\"resource_id\":\"0123456789abcdef0123456789abcdef/büro \\\"漢\\\" \\\\ \\t\\uD83D\\uDE00\",\"timestamp\":\"2026-11-21T21:30:00.000000\",\"resource_metadata\":{\"storage_policy\":\"göld\"},\"message_id\":\"b5449054-154e-54f8-8b42-050a22f1d8c7\",\"monotonic_time\":null,\"message_signature\":\"48e256ee208dce28097815cf33f33fd0ec58eda89575c5d5c1834ebc695de855\"}]},\"message_id\":\"7410543f-98ed-83da-9e15-41a14aed8e3a\",\"_unique_id\":\"7410543f98ed83da9e1541a14aed8e3a\"}"}
            """.Replace("\n", "", StringComparison.Ordinal),
            Encode(FormatSamples.Plain, FormatSamples.Rich));

    [Theory]
    [MemberData(nameof(FormatSamples.OddTexts), MemberType = typeof(FormatSamples))]
    public void Text_arrives_as_it_was_and_is_signed_as_it_was(string text)
    {
        var sample = FormatSamples.Plain with { ResourceId = text, ProjectId = text, StoragePolicy = text };

        var read = Assert.Single(Samples(Encode(sample)));

        Assert.All(["resource_id", "project_id"], field => Assert.Equal(text, read.GetProperty(field).GetString()));
        Assert.Equal(text, read.GetProperty("resource_metadata").GetProperty("storage_policy").GetString());
        Assert.Equal(Signature(read), read.GetProperty("message_signature").GetString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(long.MaxValue)]
    public void A_volume_is_a_number(long volume)
    {
        var read = Assert.Single(Samples(Encode(FormatSamples.Plain with { Volume = volume })));

        Assert.Equal(volume, read.GetProperty("counter_volume").GetInt64());
        Assert.Equal(Signature(read), read.GetProperty("message_signature").GetString());
    }

    [Fact]
    public void Every_sample_of_a_message_is_signed_for_itself()
    {
        Sample[] samples = [.. Enumerable.Range(0, 60).Select(i => FormatSamples.Plain with { Volume = i, StoragePolicy = i % 2 == 0 ? "gold" : null, Time = FormatSamples.At(DateTimeOffset.UnixEpoch.AddHours(i / 7)) })];

        var read = Samples(Encode(samples));

        Assert.Equal(samples.Select(sample => sample.Volume), read.Select(sample => sample.GetProperty("counter_volume").GetInt64()));
        Assert.Equal(samples.Select(sample => sample.Time.Start.UtcDateTime), read.Select(sample => sample.GetProperty("timestamp").GetDateTime()));
        Assert.All(read, sample => Assert.Equal(Signature(sample), sample.GetProperty("message_signature").GetString()));
    }

    [Fact]
    public void Without_a_secret_nothing_is_signed()
    {
        var message = Encoding.UTF8.GetString(new CeilometerFormat("", FormatSamples.Clock()).Encode([FormatSamples.Plain, FormatSamples.Rich]));

        Assert.Equal(["", ""], Samples(message).Select(sample => sample.GetProperty("message_signature").GetString()));
    }

    /// <summary>Neither the time it is made at nor the secret is in a message's id: what is made again after a restart is a repeat.</summary>
    [Fact]
    public void The_same_samples_have_the_same_id_whenever_they_are_sent()
    {
        var clock = FormatSamples.Clock();
        var now = Encode(FormatSamples.Plain, FormatSamples.Rich);
        clock.Advance(TimeSpan.FromSeconds(90.000123));
        var later = Encoding.UTF8.GetString(new CeilometerFormat("s3cret", clock).Encode([FormatSamples.Plain, FormatSamples.Rich]));

        Assert.Equal(now, Encode(FormatSamples.Plain, FormatSamples.Rich));
        Assert.Equal("2026-11-21 21:31:30.000123", Notification(later).GetProperty("timestamp").GetString());
        Assert.All(["message_id", "_unique_id"], field => Assert.Equal(Notification(now).GetProperty(field).GetString(), Notification(later).GetProperty(field).GetString()));
    }

    [Fact]
    public void Whatever_differs_in_a_sample_makes_another_id_of_the_message()
    {
        var sample = FormatSamples.Plain;
        Sample[][] messages =
        [
            [sample], [sample, sample], [sample, FormatSamples.Rich], [FormatSamples.Rich, sample],
            [sample with { Volume = sample.Volume + 1 }], [sample with { ResourceId = "r" }], [sample with { ProjectId = "p" }],
            [sample with { Region = "RegionTwo" }], [sample with { StoragePolicy = "gold" }], [sample with { StoragePolicy = "silver" }],
            [sample with { Time = sample.Time.Next }], [sample with { Meter = FormatSamples.Rich.Meter }],
        ];

        var ids = messages.Select(message => Notification(Encode(message)).GetProperty("_unique_id").GetString()!).ToArray();

        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches("^[0-9a-f]{12}8[0-9a-f]{3}[89ab][0-9a-f]{15}$", id));
    }

    private static string Encode(params Sample[] samples) => Encoding.UTF8.GetString(new CeilometerFormat(FormatSamples.Secret, FormatSamples.Clock()).Encode(samples));

    private static JsonElement Notification(string message) => JsonDocument.Parse(JsonDocument.Parse(message).RootElement.GetProperty("oslo.message").GetString()!).RootElement;

    private static JsonElement[] Samples(string message) => [.. Notification(message).GetProperty("payload").GetProperty("samples").EnumerateArray()];

    /// <summary>The signature that whoever reads a sample finds that it must have.</summary>
    private static string Signature(JsonElement sample)
    {
        var text = string.Concat(Pairs(sample).Where(pair => pair.Name != "message_signature").OrderBy(pair => pair.Name, StringComparer.Ordinal).Select(pair => pair.Name + pair.Text));
        return Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(FormatSamples.Secret), Encoding.UTF8.GetBytes(text)));

        static IEnumerable<(string Name, string Text)> Pairs(JsonElement json) => json.EnumerateObject().SelectMany(property => property.Value.ValueKind switch
        {
            JsonValueKind.Object => Pairs(property.Value).Select(inner => ($"{property.Name}:{inner.Name}", inner.Text)),
            JsonValueKind.Null => [(property.Name, "None")],
            _ => [(property.Name, property.Value.ToString())],
        });
    }
}
