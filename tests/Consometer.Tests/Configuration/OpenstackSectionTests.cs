using Consometer.Swift.Keystone;

namespace Consometer.Tests.Configuration;

/// <summary>The section credentials.openstack: the older keys, and those that are new.</summary>
public sealed class OpenstackSectionTests
{
    [Theory]
    [InlineData("swift_conso_user: u, swift_conso_password: s3cret, system_scope: all", "user u of domain default, system all")]
    [InlineData("swift_conso_user: u, swift_conso_password: s3cret, swift_conso_tenant: p, swift_conso_domain: Acme", "user u of domain Acme, project p of domain Acme")]
    [InlineData("swift_conso_user: u, swift_conso_password: s3cret, swift_conso_tenant: p, user_domain: A, project_domain: B", "user u of domain A, project p of domain B")]
    [InlineData("swift_conso_user: u, swift_conso_password: s3cret, swift_conso_tenant: p, swift_conso_domain: A, user_domain: B", "user u of domain B, project p of domain A")]
    [InlineData("application_credential_id: c, application_credential_secret: s3cret", "application credential c, no scope")]
    [InlineData("application_credential_name: c, application_credential_secret: s3cret, swift_conso_user: u, user_domain: A", "application credential c of user u of domain A, no scope")]
    public void Each_way_to_say_who_asks_is_taken(string section, string words) => Assert.Equal(words, Load(section).ToString());

    [Fact]
    public void The_domain_of_the_older_key_may_be_an_id_or_a_name()
    {
        var options = Load("swift_conso_user: u, swift_conso_password: s3cret, swift_conso_tenant: p, swift_conso_domain: Acme");

        Assert.Equal(new KeystoneScope.ProjectByName("p", new KeystoneDomain.ByEither("Acme")), options.Scope);
        Assert.Equal(
            new KeystoneCredentials.Password(new KeystoneUser.ByName("u", new KeystoneDomain.ByEither("Acme")), new Secret("s3cret")), options.Credentials);
    }

    [Fact]
    public void The_endpoint_of_the_object_store_is_public_and_of_the_region_that_is_said()
    {
        const string Least = "swift_conso_user: u, swift_conso_password: s3cret, system_scope: all";

        Assert.Equal(new ObjectStoreOptions(null, "public", null), Load(Least).ObjectStore);
        Assert.Equal(new ObjectStoreOptions("R1", "public", null), Load(Least, "region: R1\n").ObjectStore);
        Assert.Equal(
            new ObjectStoreOptions("R2", "admin", new Uri("http://proxy:8080/v1")),
            Load(Least + ", region_name: R2, interface: admin, object_store_endpoint_override: 'http://proxy:8080/v1'", "region: R1\n").ObjectStore);
        Assert.Equal("internal", Load(Least + ", interface: internalURL").ObjectStore.Interface);
    }

    [Fact]
    public void Any_certificate_will_do_only_where_that_is_said()
    {
        const string Least = "swift_conso_user: u, swift_conso_password: s3cret, system_scope: all";

        Assert.Equal((null, false), (Load(Least).Trust.Roots, Load(Least).Trust.IsInsecure));
        Assert.True(Load(Least + ", insecure: true").Trust.IsInsecure);
        Assert.False(Load(Least + ", insecure: false").Trust.IsInsecure);
    }

    [Theory]
    [InlineData("interface: backstage", "credentials.openstack.interface: wanted public, internal or admin, found \"backstage\"")]
    [InlineData("insecure: perhaps", "credentials.openstack.insecure: wanted true or false, found \"perhaps\"")]
    [InlineData("object_store_endpoint_override: proxy", "credentials.openstack.object_store_endpoint_override: wanted an http or https URL, found \"proxy\"")]
    [InlineData("object_store_endpoint_override: http://u:s3cret@proxy", "found one with a user in it")]
    [InlineData("key: own.key", "credentials.openstack.cert: wanted a certificate, since there is credentials.openstack.key, found none")]
    [InlineData("cacert: none.pem", "credentials.openstack.cacert: wanted a file of certificates in PEM")]
    [InlineData("cert: none.pem", "credentials.openstack.cert: wanted a file of certificates in PEM")]
    [InlineData("cloud: acme", "credentials.openstack.cloud: wanted clouds.yaml in ")]
    [InlineData("token: s3cret", "credentials.openstack.token: unknown key")]
    public void A_key_that_is_wrong_is_a_fault_with_its_line(string pair, string says)
    {
        var faults = ConfigurationText.Faults(ConfigurationText.Least.Replace("    system_scope: all\n", $"    system_scope: all\n    {pair}\n", StringComparison.Ordinal));

        var fault = Assert.Single(faults);
        Assert.Contains(says, fault, StringComparison.Ordinal);
        Assert.StartsWith(pair.StartsWith("key:", StringComparison.Ordinal) ? "file: " : "file:7: ", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_missing_or_wrong_is_told_at_once()
    {
        var faults = ConfigurationText.Faults("swift: {}\ncredentials: { openstack: { keystone_uri: x, application_credential_secret: s3cret, system_scope: all, interface: y, insecure: z } }\n");

        Assert.Equal(
            ["keystone_uri", "application_credential_id", "system_scope", "insecure", "interface"],
            faults.Select(fault => fault.Split(": ")[1]["credentials.openstack.".Length..]));
    }

    private static KeystoneOptions Load(string section, string more = "") =>
        ConfigurationText.Load($"swift: {{}}\ncredentials: {{ openstack: {{ keystone_uri: 'http://k', {section} }} }}\n{more}").Keystone!;
}
