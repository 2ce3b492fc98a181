using System.Globalization;
using Consometer.Cli;
using Consometer.Configuration;

namespace Consometer.Tests.Cli;

/// <summary>Times on the command line; it is 2026-11-21T13:00:00Z.</summary>
public sealed class UsageTimeTests
{
    [Theory]
    [InlineData("2026-11-21T12:34:56Z", "2026-11-21T12:34:56.0000000")]
    [InlineData("2026-11-21T12:34:56.25Z", "2026-11-21T12:34:56.2500000")]
    [InlineData("2026-11-21T12:34:56+02:00", "2026-11-21T10:34:56.0000000")]
    [InlineData("2026-11-21T12:34:56", "2026-11-21T12:34:56.0000000")]
    [InlineData("2026-11-21T12:34Z", "2026-11-21T12:34:00.0000000")]
    [InlineData("2026-11-21 12:34", "2026-11-21T12:34:00.0000000")]
    [InlineData("2026-11-21", "2026-11-21T00:00:00.0000000")]
    [InlineData("7d", "2026-11-14T13:00:00.0000000")]
    [InlineData("24h", "2026-11-20T13:00:00.0000000")]
    [InlineData("0s", "2026-11-21T13:00:00.0000000")]
    public void An_instant_a_date_or_a_duration_back_from_now_is_a_time(string text, string utc) =>
        Assert.Equal(utc, UsageTime.Parse("--since", text, new ManualClock()).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff", CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("21.11.2026")]
    [InlineData("2026-11")]
    [InlineData("2026-02-30")]
    [InlineData("2026-11-21T25:00")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    [InlineData("-7d")]
    [InlineData("367d")]
    public void Anything_else_is_told(string text) =>
        Assert.StartsWith("--since: wanted an instant", Assert.Throws<ConfigurationException>(() => UsageTime.Parse("--since", text, new ManualClock())).Message, StringComparison.Ordinal);
}
