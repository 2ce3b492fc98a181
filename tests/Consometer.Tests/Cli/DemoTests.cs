using System.Globalization;
using Consometer.Simulation;
using Microsoft.Data.Sqlite;

namespace Consometer.Tests.Cli;

/// <summary>The demo, as a person runs it.</summary>
public sealed class DemoTests
{
    [Fact]
    public async Task The_demo_meters_its_cluster_exactly_and_says_where_everything_is()
    {
        using var folder = new TempFolder();

        var run = await ConsometerProgram.RunAsync("demo", "--seed", "7", "--accounts", "60", "--folder", folder.Path);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains(folder.Find("consometer.db"), run.Output, StringComparison.Ordinal);
        Assert.Contains(folder.Find("account.ring.gz"), run.Output, StringComparison.Ordinal);
        Assert.Contains($"usage --config {folder.Path} --top 10", run.Output, StringComparison.Ordinal);
        Assert.All(run.Output.Split('\n').TakeWhile(line => !line.Contains(folder.Path, StringComparison.Ordinal)), line => Assert.InRange(line.Length, 0, 160));
        Assert.Equal(await TruthAsync(), Sum(folder.Find("consometer.db")));
    }

    [Fact]
    public async Task A_demo_that_stays_goes_on_as_the_daemon_with_its_page()
    {
        using var folder = new TempFolder();

        var run = await ConsometerProgram.RunUntilAsync(["the status page is at http://127.0.0.1:", "20 accounts in"], "demo", "--accounts", "20", "--folder", folder.Path, "--stay");

        Assert.Contains("metering region RegionOne every 00:00:10", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_of_accounts_that_makes_no_cluster_is_refused()
    {
        ConsometerProgram.AssertRefused(await ConsometerProgram.RunAsync("demo", "--accounts", "0"), 2, "--accounts: wanted a number from 1 to 100000");
    }

    /// <summary>The same seed makes the same accounts, whoever starts the cluster.</summary>
    private static async Task<long> TruthAsync()
    {
        using var folder = new TempFolder();
        await using var cluster = await SimulatedCluster.StartAsync(
            new SimulationPlan { Seed = 7, Accounts = 60 }, folder.Path, TestContext.Current.CancellationToken);
        return cluster.Accounts.Sum(account => account.Bytes);
    }

    private static long Sum(string store)
    {
        using var connection = new SqliteConnection($"Data Source={store};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT sum(volume) FROM sample JOIN round ON round.id = sample.round WHERE meter = 'storage.objects.size' AND state = 'complete'";
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
