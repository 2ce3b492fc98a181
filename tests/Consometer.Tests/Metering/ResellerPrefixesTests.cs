using Consometer.Metering;

namespace Consometer.Tests.Metering;

public sealed class ResellerPrefixesTests
{
    [Fact]
    public void A_project_has_an_account_for_each_prefix_and_the_first_is_billed_as_the_project()
    {
        Assert.Equal(
            [new Account("AUTH_p", "p", "p"), new Account("SERVICE_p", "p", "SERVICE_p")],
            new ResellerPrefixes(["AUTH_", "SERVICE_"]).AccountsOf("p"));
    }

    [Fact]
    public void A_name_with_a_prefix_is_an_account_and_another_is_a_project()
    {
        var prefixes = new ResellerPrefixes(["AUTH_", "SERVICE_"]);

        Assert.Equal([new Account("SERVICE_p", "p", "SERVICE_p")], prefixes.Named("SERVICE_p"));
        Assert.Equal([new Account("AUTH_p", "p", "p")], prefixes.Named("AUTH_p"));
        Assert.Equal(["AUTH_p", "SERVICE_p"], prefixes.Named("p").Select(account => account.Name));
        Assert.Equal(["AUTH_auth_p", "SERVICE_auth_p"], prefixes.Named("auth_p").Select(account => account.Name));
    }

    [Fact]
    public void The_longest_prefix_that_fits_wins_and_an_empty_one_takes_the_rest()
    {
        var prefixes = new ResellerPrefixes(["", "A_", "A_B_"]);

        Assert.Equal([new Account("A_B_p", "p", "A_B_p")], prefixes.Named("A_B_p"));
        Assert.Equal([new Account("A_p", "p", "A_p")], prefixes.Named("A_p"));
        Assert.Equal(["p", "A_p", "A_B_p"], prefixes.Named("p").Select(account => account.Name));
        Assert.Equal([new Account("p", "p", "p")], new ResellerPrefixes([""]).Named("p"));
    }

    [Fact]
    public void No_two_accounts_of_a_project_share_a_resource()
    {
        // An empty prefix can only be the first: the configuration sees to that.
        var accounts = new ResellerPrefixes(["", "AUTH_", "SERVICE_"]).AccountsOf("p").ToArray();

        Assert.Equal(3, accounts.Length);
        Assert.Equal(3, accounts.Select(account => account.ResourceId).Distinct().Count());
    }
}
