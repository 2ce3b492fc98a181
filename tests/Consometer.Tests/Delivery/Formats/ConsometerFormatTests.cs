using System.Globalization;
using System.Text;
using System.Text.Json;
using Consometer.Delivery.Formats;
using Consometer.Metering.Samples;

namespace Consometer.Tests.Delivery.Formats;

/// <summary>Messages as <c>swift-consometer</c> sent them: <c>fixtures/messages/seed-consometer.json</c> is one.</summary>
public sealed class ConsometerFormatTests
{
    private static readonly string Captured = File.ReadAllText(Fixtures.Find("messages", "seed-consometer.json"));

    private static readonly ConsometerFormat Format = new();

    /// <summary>Only the ids differ: those of the captured message were drawn by lot.</summary>
    [Fact]
    public void The_samples_of_the_captured_message_make_it_again_byte_for_byte()
    {
        var captured = Data(Captured);
        var samples = captured.Select(Read).ToArray();
        var expected = captured.Zip(samples).Aggregate(Captured, (text, pair) =>
            text.Replace(pair.First.GetProperty("message_id").GetGuid().ToString(), pair.Second.MessageId.ToString(), StringComparison.Ordinal));

        var made = Encode(samples);

        Assert.Equal(2, captured.Length);
        Assert.NotEqual(Captured, expected);
        Assert.Equal(Leaves(expected), Leaves(made));
        Assert.Equal(expected, made);
    }

    [Fact]
    public void A_whole_message_is_this() =>
        Assert.Equal(
            """
            {"args":{"data":[{"counter_name":"storage.objects.size","resource_id":"0123456789abcdef0123456789abcdef","message_id":"c6485f1a-06d7-5794-9e41-6631bde92cbb","timestamp":"2026-11-21T21:30:00Z","counter_volume":"107374182400","user_id":null,"source":"openstack","counter_unit":"B","project_id":"0123456789abcdef0123456789abcdef","counter_type":"gauge","ressource_metadata":null,"region":"RegionOne"},
            {"counter_name":"storage.containers.objects.size","resource_id":"0123456789abcdef0123456789abcdef/büro \"漢\" \\ \t\uD83D\uDE00","message_id":"b5449054-154e-54f8-8b42-050a22f1d8c7","timestamp":"2026-11-21T21:30:00Z","counter_volume":"9223372036854775807","user_id":null,"source":"openstack","counter_unit":"B","project_id":"0123456789abcdef0123456789abcdef","counter_type":"gauge","ressource_metadata":{"storage_policy":"göld"},"region":"RegionOne"}]}}
            """.Replace("\n", "", StringComparison.Ordinal),
            Encode(FormatSamples.Plain, FormatSamples.Rich));

    [Theory]
    [MemberData(nameof(FormatSamples.OddTexts), MemberType = typeof(FormatSamples))]
    public void Text_arrives_as_it_was(string text)
    {
        var sample = FormatSamples.Plain with { ResourceId = text, ProjectId = text, Region = text, StoragePolicy = text };

        var read = Assert.Single(Data(Encode(sample)));

        Assert.All(["resource_id", "project_id", "region"], field => Assert.Equal(text, read.GetProperty(field).GetString()));
        Assert.Equal(text, read.GetProperty("ressource_metadata").GetProperty("storage_policy").GetString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void A_volume_is_digits_in_quotes(long volume) =>
        Assert.Equal(volume.ToString(CultureInfo.InvariantCulture), Assert.Single(Data(Encode(FormatSamples.Plain with { Volume = volume }))).GetProperty("counter_volume").GetString());

    [Fact]
    public void Each_sample_has_its_own_time_however_they_are_mixed()
    {
        int[] seconds = [4, 5, 5, 4];
        Sample[] samples = [.. seconds.Select(second => FormatSamples.Plain with { Time = FormatSamples.At(DateTimeOffset.UnixEpoch.AddSeconds(second)) })];

        Assert.Equal(
            ["1970-01-01T00:00:04Z", "1970-01-01T00:00:05Z", "1970-01-01T00:00:05Z", "1970-01-01T00:00:04Z"],
            Data(Encode(samples)).Select(sample => sample.GetProperty("timestamp").GetString()));
    }

    private static string Encode(params Sample[] samples) => Encoding.UTF8.GetString(Format.Encode(samples));

    private static JsonElement[] Data(string message) => [.. JsonDocument.Parse(message).RootElement.GetProperty("args").GetProperty("data").EnumerateArray()];

    private static IEnumerable<string> Leaves(string message) => FormatSamples.Leaves(JsonDocument.Parse(message).RootElement);

    private static Sample Read(JsonElement sample)
    {
        Assert.Equal(FormatSamples.Size.Name, sample.GetProperty("counter_name").GetString());
        return new Sample(
            FormatSamples.Size,
            long.Parse(sample.GetProperty("counter_volume").GetString()!, CultureInfo.InvariantCulture),
            sample.GetProperty("resource_id").GetString()!,
            sample.GetProperty("project_id").GetString()!,
            sample.GetProperty("region").GetString()!,
            FormatSamples.At(sample.GetProperty("timestamp").GetDateTimeOffset()));
    }
}
