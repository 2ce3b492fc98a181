using System.Globalization;
using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Running;
using Consometer.Scenarios.Samples;

namespace Consometer.Scenarios.Poll;

public sealed class SampleTests(RealSwift lab) : LabTest(lab)
{
    private static readonly Dictionary<string, string> Units = new()
    {
        ["storage.objects"] = "object",
        ["storage.objects.size"] = "B",
        ["storage.objects.containers"] = "container",
    };

    [Fact]
    public async Task A_system_reader_meters_every_account_exactly()
    {
        Figure.AssertSame(AllFigures, (await SamplesAsync(new LabConfiguration())).Select(sample => sample.Figure));
    }

    [Theory]
    [InlineData("default")]
    [InlineData("Default")]
    public async Task A_project_admin_meters_every_account_exactly(string domain)
    {
        var configuration = new LabConfiguration { User = "consometer", Scope = "swift_conso_tenant: service", Domain = domain };
        Figure.AssertSame(AllFigures, (await SamplesAsync(configuration)).Select(sample => sample.Figure));
    }

    [Fact]
    public async Task Samples_carry_the_period_and_what_Ceilometer_wants()
    {
        var period = (long)LabConfiguration.LongPeriod.TotalSeconds;
        var start = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds() / period * period);

        var samples = await SamplesAsync(new LabConfiguration());

        Assert.NotEmpty(samples);
        Assert.All(samples, sample =>
        {
            Assert.Equal("gauge", sample.Type);
            Assert.Equal(Units[sample.Meter], sample.Unit);
            Assert.Equal(sample.ProjectId, sample.ResourceId);
            Assert.Null(sample.UserId);
            Assert.Equal(start.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), sample.Timestamp);
            Assert.Equal("openstack", sample.Source);
            Assert.Equal("RegionOne", sample.Region);
            Assert.Equal("{}", sample.Metadata);
        });
        Assert.Equal(samples.Length, samples.Select(sample => sample.MessageId).Distinct().Count());
    }

    [Fact]
    public async Task A_second_poll_in_a_period_repeats_the_message_ids()
    {
        var configuration = new LabConfiguration();
        var first = await SamplesAsync(configuration);
        var second = await SamplesAsync(configuration);

        Assert.NotEmpty(first);
        Assert.Equal<PrintedSample>(first, second);
    }

    [Fact]
    public async Task Disabled_projects_are_left_out_on_request_and_no_others()
    {
        using var keystone = await KeystoneAdmin.LogInAsync();
        var disabled = await keystone.DisabledProjectIdsAsync();
        Assert.Contains(Truth, account => account.Kind == AccountKind.Measured && disabled.Contains(account.ProjectId));

        var samples = await SamplesAsync(new LabConfiguration { Projects = "source: keystone, include_disabled: false" });

        Figure.AssertSame(AllFigures.Where(figure => !disabled.Contains(figure.ProjectId)), samples.Select(sample => sample.Figure));
    }
}
