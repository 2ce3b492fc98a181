using Consometer.Delivery.Formats;
using Consometer.Metering.Samples;

namespace Consometer.Tests.Delivery.Formats;

/// <summary>Which samples are not sent.</summary>
public sealed class SampleFaultTests
{
    /// <summary>Every meter there is, and odd names, which tenants may give.</summary>
    [Fact]
    public void Whatever_can_be_measured_can_be_sent()
    {
        Assert.All(MeterCatalogue.All, meter => Assert.Null(SampleFault.Of(FormatSamples.Plain with { Meter = meter, Volume = 0 })));
        Assert.All(FormatSamples.OddTexts, text => Assert.Null(SampleFault.Of(FormatSamples.Rich with { ResourceId = text.Data, ProjectId = text.Data, Region = text.Data, StoragePolicy = text.Data })));
        Assert.All(["gauge", "delta", "cumulative"], type => Assert.Null(SampleFault.Of(With(meter => meter with { Type = type }))));
    }

    [Theory]
    [InlineData("counter_name")]
    [InlineData("counter_unit")]
    [InlineData("resource_id")]
    [InlineData("project_id")]
    public void What_names_something_is_not_empty(string field) => Assert.Equal($"{field} is empty", SampleFault.Of(With(field, "")));

    [Theory]
    [InlineData("counter_name")]
    [InlineData("counter_unit")]
    [InlineData("resource_id")]
    [InlineData("project_id")]
    [InlineData("region")]
    [InlineData("storage_policy")]
    public void Text_has_neither_NUL_nor_half_a_surrogate_pair(string field)
    {
        Assert.All(["\0", "a\0", "\0😀"], text => Assert.Equal($"{field} has a NUL in it", SampleFault.Of(With(field, text))));
        Assert.All(["\ud83d", "a\ude00", "\ude00\ud83d", "\ud83d\ud83d\ude00", "😀\ud83d"], text => Assert.Equal($"{field} is not valid Unicode", SampleFault.Of(With(field, text))));
    }

    [Fact]
    public void A_type_is_one_that_Ceilometer_knows() =>
        Assert.All(["", "Gauge", "counter", "gauge\0"], type => Assert.Equal("counter_type is not gauge, delta or cumulative", SampleFault.Of(With(meter => meter with { Type = type }))));

    [Fact]
    public void A_volume_is_not_negative() =>
        Assert.All([-1, long.MinValue], volume => Assert.Equal("counter_volume is negative", SampleFault.Of(FormatSamples.Plain with { Volume = volume })));

    private static Sample With(string field, string text) => field switch
    {
        "counter_name" => With(meter => meter with { Name = text }),
        "counter_unit" => With(meter => meter with { Unit = text }),
        "resource_id" => FormatSamples.Plain with { ResourceId = text },
        "project_id" => FormatSamples.Plain with { ProjectId = text },
        "region" => FormatSamples.Plain with { Region = text },
        _ => FormatSamples.Plain with { StoragePolicy = text },
    };

    private static Sample With(Func<Meter, Meter> change) => FormatSamples.Plain with { Meter = change(FormatSamples.Size) };
}
