using System.Text.Json;
using Consometer.Rings;
using Consometer.Rings.Inspection;

namespace Consometer.Tests.Rings.Inspection;

/// <summary>Search values as <c>swift-ring-builder</c> reads them: what Swift itself finds is in <c>fixtures/search</c>.</summary>
public sealed class DeviceSearchTests
{
    private static readonly JsonElement Truth = JsonDocument.Parse(File.ReadAllBytes(Fixtures.Find("search", "cases.json"))).RootElement;

    private static readonly Device[] Devices = [.. Truth.GetProperty("devices").EnumerateArray().Select(Read)];

    [Fact]
    public void Every_value_finds_what_Swift_finds_or_is_refused_as_Swift_refuses_it()
    {
        var cases = Truth.GetProperty("cases").EnumerateArray().ToArray();

        Assert.InRange(cases.Length, 400, int.MaxValue);
        Assert.Contains(cases, @case => @case.GetProperty("value").GetString() == "d74r4z1-1.2.3.4:5678/sdb1_snet: 5.6.7.8");
        Assert.All(cases, @case => Assert.Equal(Expected(@case.GetProperty("found")), Found(@case.GetProperty("value").GetString()!)));
    }

    /// <summary>The examples of Swift's docstring, with what they find by hand.</summary>
    [Theory]
    [InlineData("d74", "74")]
    [InlineData("r4", "2,3,74")]
    [InlineData("z1-1.2.3.4", "0,1,74")]
    [InlineData("z1:5678", "1,4,74")]
    [InlineData("R5.6.7.8", "2,3")]
    [InlineData("R:5678", "1,2,4,74")]
    [InlineData("1.2.3.4R5.6.7.8", "2")]
    [InlineData("/sdb1", "1,3,74")]
    [InlineData("_shiny", "2")]
    [InlineData("[::1]", "4")]
    [InlineData("z1-[::1]:5678", "4")]
    [InlineData("d74r4z1-1.2.3.4:5678/sdb1_snet: 5.6.7.8", "74")]
    [InlineData("d74r4z1-1.2.3.4:5678/sdb1_snet: 5.6.7.9", "")]
    [InlineData("z11.2.3.4", "refused")]
    [InlineData("node7.example.org", "refused")]
    public void The_grammar_is_Swifts(string value, string found) => Assert.Equal(found, Found(value));

    private static string Found(string value) =>
        DeviceSearch.Parse(value) is { } search ? string.Join(',', Devices.Where(search.Matches).Select(device => device.Id)) : "refused";

    private static string Expected(JsonElement found) =>
        found.ValueKind == JsonValueKind.Null ? "refused" : string.Join(',', found.EnumerateArray().Select(id => id.GetInt32()));

    private static Device Read(JsonElement device) => new(
        device.GetProperty("id").GetInt32(),
        device.GetProperty("region").GetInt32(),
        device.GetProperty("zone").GetInt32(),
        device.GetProperty("ip").GetString()!,
        device.GetProperty("port").GetInt32(),
        device.GetProperty("replication_ip").GetString()!,
        device.GetProperty("replication_port").GetInt32(),
        device.GetProperty("device").GetString()!,
        device.GetProperty("weight").GetDouble(),
        device.GetProperty("meta").GetString()!);
}
