using Consometer.Scenarios.Lab;
using Consometer.Scenarios.Running;
using Consometer.Scenarios.Samples;

namespace Consometer.Scenarios.Poll;

/// <summary>The meters of storage policies and of containers, as real account-servers give their figures.</summary>
public sealed class ContainerMeterTests(RealSwift lab) : LabTest(lab)
{
    [Fact]
    public async Task The_policies_of_an_account_add_up_to_it_under_swift_conf_s_names()
    {
        var samples = await SamplesAsync(new LabConfiguration
        {
            Meters = "storage.policies.objects: true, storage.policies.objects.size: true, storage.policies.containers: true",
        });

        var ofPolicies = samples.Where(sample => sample.Meter.StartsWith("storage.policies.", StringComparison.Ordinal)).ToArray();
        AssertAddUp(ofPolicies, "storage.policies.objects", account => account.Objects);
        AssertAddUp(ofPolicies, "storage.policies.objects.size", account => account.Bytes);
        AssertAddUp(ofPolicies, "storage.policies.containers", account => account.Containers);
        Assert.All(ofPolicies, sample =>
        {
            var policy = sample.ResourceId[(sample.ProjectId.Length + 1)..];
            Assert.True(policy is "gold" or "silver", policy);
            Assert.Equal($$"""{"storage_policy":"{{policy}}"}""", sample.Metadata);
        });
    }

    [Fact]
    public async Task The_containers_of_an_account_are_all_there_and_add_up_to_it()
    {
        var samples = await SamplesAsync(new LabConfiguration { Meters = "storage.containers.objects: true, storage.containers.objects.size: true" });

        AssertAddUp(samples, "storage.containers.objects", account => account.Objects);
        AssertAddUp(samples, "storage.containers.objects.size", account => account.Bytes);
        var containers = samples.Where(sample => sample.Meter == "storage.containers.objects").ToArray();
        Assert.Equal(Truth.Where(account => account.Kind == AccountKind.Measured).Sum(account => account.Containers), containers.Length);
        Assert.All(containers, sample => Assert.StartsWith($"{sample.ProjectId}/", sample.ResourceId, StringComparison.Ordinal));
        Assert.Equal(samples.Length, samples.Select(sample => sample.MessageId).Distinct().Count());
    }

    private void AssertAddUp(PrintedSample[] samples, string meter, Func<AccountTruth, long> total)
    {
        var sums = samples.Where(sample => sample.Meter == meter).GroupBy(sample => sample.ProjectId).ToDictionary(of => of.Key, of => of.Sum(sample => sample.Volume));
        var wanted = Truth.Where(account => account.Kind == AccountKind.Measured && account.Containers > 0).ToArray();
        Assert.NotEmpty(wanted);
        Assert.Equal(wanted.Length, sums.Count);
        Assert.All(wanted, account => Assert.Equal((account.ProjectId, total(account)), (account.ProjectId, sums[account.ProjectId])));
    }
}
