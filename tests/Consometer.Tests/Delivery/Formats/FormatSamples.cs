using System.Text.Json;
using Consometer.Metering;
using Consometer.Metering.Samples;

namespace Consometer.Tests.Delivery.Formats;

/// <summary>Samples to send, and what is in the JSON that becomes of them.</summary>
internal static class FormatSamples
{
    /// <summary>Ceilometer's own default of <c>telemetry_secret</c>.</summary>
    public const string Secret = "change this for valid signing";

    private const string Project = "0123456789abcdef0123456789abcdef";

    public static Meter Size { get; } = MeterCatalogue.All.Single(meter => meter.Name == MeterCatalogue.Size);

    /// <summary>The sample of <c>ceilometer-accepted.json</c>.</summary>
    public static Sample Plain { get; } = new(Size, 107374182400, Project, Project, "RegionOne", At(new DateTimeOffset(2026, 11, 21, 21, 30, 0, TimeSpan.Zero)));

    /// <summary>A sample with everything in it that text and numbers can have.</summary>
    public static Sample Rich { get; } = Plain with
    {
        Meter = MeterCatalogue.All.Single(meter => meter.Name == "storage.containers.objects.size"),
        Volume = long.MaxValue,
        ResourceId = Project + "/büro \"漢\" \\ \t😀",
        StoragePolicy = "göld",
    };

    /// <summary>Texts that escaping could go wrong with.</summary>
    public static TheoryData<string> OddTexts { get; } =
    [
        "\"", "\\", "\\\"", "\"\\", "\\\\\"\"", "\\u0041", "a\nb\r\n\t\b\f", "\u0001\u001f\u007f\u0085\u00a0", "\u2028\u2029\ufeff\ufffd\uffff", "<&>'+`/{}[]:,",
        "büro", "漢字", "😀", "\U0010ffff", " ", "None", new string('x', 5000), new string('"', 5000), new string('漢', 5000),
    ];

    public static RoundTime At(DateTimeOffset time) => RoundTime.At(time, TimeSpan.FromSeconds(1));

    /// <summary>A clock that stands at the time of <see cref="Plain"/>.</summary>
    public static ManualClock Clock()
    {
        var clock = new ManualClock();
        clock.Advance(Plain.Time.Start - ManualClock.Start);
        return clock;
    }

    /// <summary>Every value in the order of the text, each as <c>path kind value</c>.</summary>
    public static IEnumerable<string> Leaves(JsonElement json, string path = "") => json.ValueKind switch
    {
        JsonValueKind.Object => [$"{path} object", .. json.EnumerateObject().SelectMany(property => Leaves(property.Value, $"{path}/{property.Name}"))],
        JsonValueKind.Array => [$"{path} array", .. json.EnumerateArray().SelectMany((item, i) => Leaves(item, $"{path}/{i}"))],
        _ => [$"{path} {json.ValueKind} {json}"],
    };
}
