using Consometer.Configuration;
using Consometer.Swift.Keystone;

namespace Consometer.Tests.Configuration;

/// <summary>clouds.yaml and its kin, and OS_* variables: what other OpenStack clients take is taken as they take it.</summary>
public sealed class CloudsFilesTests : IDisposable
{
    private const string Clouds = """
        clouds:
          acme:
            profile: vendor
            auth:
              username: meter
              project_name: service
              user_domain_name: Users
              project_domain_id: d1
            region_name: R1
            interface: internal
            dns_api_version: 2
          app:
            auth_type: v3applicationcredential
            auth: { auth_url: "https://app/v3", application-credential-id: c1, application_credential_secret: s3cret }
            regions: [ { name: R7, values: {} }, R8 ]
            verify: false
          other: { auth: { auth_url: "http://other", user_id: u1, password: s3cret, system_scope: all }, endpoint_type: adminURL, identity_api_version: 3 }
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void One_name_is_enough_and_three_files_are_merged()
    {
        Write("clouds.yaml", Clouds);
        Write("secure.yaml", "clouds: { acme: { auth: { password: s3cret } } }\n");
        Write("clouds-public.yaml", "public-clouds: { vendor: { auth: { auth_url: 'https://vendor:5000/v3' }, region_name: R0, interface: public } }\n");

        var options = Load("credentials: { openstack: { cloud: acme } }\n");

        Assert.Equal((new Uri("https://vendor:5000/v3"), "user meter of domain Users, project service of domain d1"), (options.Endpoint, options.ToString()));
        Assert.Equal(new Secret("s3cret"), Assert.IsType<KeystoneCredentials.Password>(options.Credentials).Text);
        Assert.Equal(new ObjectStoreOptions("R1", "internal", null), options.ObjectStore);
    }

    [Fact]
    public void A_cloud_is_named_by_the_environment_where_the_file_has_no_credentials()
    {
        Write("clouds.yaml", Clouds);
        var app = Load("", ("OS_CLOUD", "app"), ("OS_AUTH_URL", "http://elsewhere"));
        var other = Load("", ("OS_CLOUD", "other"));

        Assert.Equal((new Uri("https://app/v3"), "application credential c1, no scope"), (app.Endpoint, app.ToString()));
        Assert.Equal((new ObjectStoreOptions("R7", "public", null), true), (app.ObjectStore, app.Trust.IsInsecure));
        Assert.Equal(("user u1, system all", "admin", false), (other.ToString(), other.ObjectStore.Interface, other.Trust.IsInsecure));
        Assert.Equal("user meter of domain default, system all", ConfigurationText.Load(ConfigurationText.Least, ("OS_CLOUD", "app")).Keystone!.ToString());
    }

    [Fact]
    public void What_the_section_says_goes_over_the_cloud()
    {
        Write("clouds.yaml", Clouds);
        var options = Load(
            "credentials: { openstack: { cloud: acme, keystone_uri: 'http://near', swift_conso_password: s3cret, user_domain: U, project_domain: P, interface: admin, insecure: true } }\n");

        Assert.Equal((new Uri("http://near"), "user meter of domain U, project service of domain P"), (options.Endpoint, options.ToString()));
        Assert.Equal(("admin", true), (options.ObjectStore.Interface, options.Trust.IsInsecure));
    }

    [Fact]
    public void A_file_that_is_named_comes_first_and_JSON_is_taken()
    {
        Write("clouds.yaml", Clouds);
        var json = _folder.Write("mine.json", """{"clouds": {"acme": {"auth": {"auth_url": "http://json", "username": "j", "password": "s3cret", "project_id": "p1"}}}}""");
        var options = Load("credentials: { openstack: { cloud: acme } }\n", ("OS_CLIENT_CONFIG_FILE", json));

        Assert.Equal((new Uri("http://json"), "user j of domain default, project p1"), (options.Endpoint, options.ToString()));
    }

    [Fact]
    public void What_is_merged_in_YAML_itself_is_merged()
    {
        Write("clouds.yaml", "base: &b { auth_url: 'http://base', username: b, password: s3cret }\nclouds: { acme: { auth: { <<: *b, username: u, system_scope: all } } }\n");

        Assert.Equal("user u of domain default, system all", Load("credentials: { openstack: { cloud: acme } }\n").ToString());
    }

    [Fact]
    public void Paths_are_relative_to_the_file_or_to_the_home()
    {
        Write("clouds.yaml", "clouds: { acme: { cacert: ca.pem, cert: ~/own.pem, auth: { auth_url: 'http://k', token: s3cret } } }\n");
        var faults = Faults("credentials: { openstack: { cloud: acme } }\n");

        Assert.Equal(2, faults.Length);
        Assert.Contains($"clouds.acme.cacert: wanted a file of certificates in PEM, with the key to one's own, found Could not find file '{_folder.Find(".config/openstack/ca.pem")}'", faults[0], StringComparison.Ordinal);
        Assert.Contains(_folder.Find("own.pem"), faults[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Every_fault_of_a_cloud_has_its_file_and_line_and_no_secret()
    {
        Write("clouds.yaml", "clouds:\n  acme:\n    auth_type: v3oidcpassword\n    interface: x\n    auth:\n      auth_url: ftp://k\n      password: s3cret\n      project_name: p\n      domain_name: d\n    identity_api_version: 2\n");
        var file = Path.GetFullPath(_folder.Find(".config/openstack/clouds.yaml"));

        string[] expected =
        [
            $"{file}:6: clouds.acme.auth.auth_url: wanted an http or https URL, found \"ftp://k\"",
            $"{file}:10: clouds.acme.identity_api_version: wanted 3, found \"2\"",
            $"{file}:3: clouds.acme.auth_type: wanted password, v3applicationcredential or v3token, found \"v3oidcpassword\"",
            $"{file}:8: clouds.acme.auth.project_name: wanted a project, or system_scope: all instead, found both",
            $"{file}:4: clouds.acme.interface: wanted public, internal or admin, found \"x\"",
        ];
        Assert.Equal(expected, Faults("credentials: { openstack: { cloud: acme } }\n"));
    }

    [Theory]
    [InlineData("clouds: [", "wanted YAML")]
    [InlineData("clouds: { acme: s3cret: x }", "wanted YAML")]
    [InlineData("clouds: { other: {} }", "file:1: credentials.openstack.cloud: wanted a cloud of ")]
    [InlineData("clouds: { acme: { auth: { password: \"s3cret\\nx\" } } }", "clouds.acme.auth.password: wanted a single value on one line, found control characters")]
    public void A_file_that_is_wrong_is_told(string yaml, string says)
    {
        Write("clouds.yaml", yaml);

        Assert.Contains(Faults("credentials: { openstack: { cloud: acme } }\n"), fault => fault.Contains(says, StringComparison.Ordinal));
    }

    [Fact]
    public void The_variables_of_an_openrc_are_taken_where_the_file_has_no_credentials()
    {
        var password = Load(
            "", ("OS_AUTH_URL", "http://k/v3"), ("OS_USERNAME", "u"), ("OS_PASSWORD", "s3cret"), ("OS_TENANT_NAME", "p"), ("OS_USER_DOMAIN_NAME", "A"),
            ("OS_PROJECT_DOMAIN_ID", "d1"), ("OS_REGION_NAME", "R1"), ("OS_ENDPOINT_TYPE", "internalURL"), ("OS_IDENTITY_API_VERSION", "3"), ("OS_INSECURE", "1"));
        var system = Load("", ("OS_AUTH_URL", "http://k"), ("OS_USER_ID", "u1"), ("OS_PASSWORD", "s3cret"), ("OS_SYSTEM_SCOPE", "all"), ("OS_CLOUD", "envvars"));
        var token = Load("", ("OS_AUTH_URL", "http://k"), ("OS_TOKEN", "s3cret"), ("OS_AUTH_TYPE", "v3token"), ("OS_DOMAIN_NAME", "d"));

        Assert.Equal("user u of domain A, project p of domain d1", password.ToString());
        Assert.Equal((new ObjectStoreOptions("R1", "internal", null), true), (password.ObjectStore, password.Trust.IsInsecure));
        Assert.Equal(("user u1, system all", "a token given, domain d"), (system.ToString(), token.ToString()));
    }

    [Fact]
    public void What_is_missing_or_wrong_in_the_environment_is_told_by_the_variable()
    {
        Assert.Equal(
            ["environment: OS_AUTH_URL: wanted a value, found none", "environment: OS_PASSWORD: wanted a value, found none", "environment: OS_PROJECT_NAME: wanted a project, or system_scope: all instead, found neither"],
            Faults("", ("OS_USERNAME", "u")));
        Assert.Contains("environment: OS_CLOUD: wanted ", Assert.Single(Faults("", ("OS_CLOUD", "acme"))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_of_two_lines_is_a_fault_without_its_value() =>
        Assert.Contains("environment: OS_TOKEN: wanted a single value on one line, found control characters", Faults("", ("OS_AUTH_URL", "http://k"), ("OS_TOKEN", "s3cret\nx")));

    [Fact]
    public void A_setting_in_words_has_no_value() =>
        Assert.Equal("file:3: clouds.acme.auth.password", new CloudSetting("s3cret", "file:3", "clouds.acme.auth.password").ToString());

    [Fact]
    public void A_region_alone_describes_no_cloud() =>
        Assert.Contains(Faults("", ("OS_REGION_NAME", "R1")), fault => fault.Contains("credentials.openstack.keystone_uri: wanted a value", StringComparison.Ordinal));

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(_folder.Find(".config/openstack"));
        _folder.Write(Path.Combine(".config/openstack", name), text);
    }

    private KeystoneOptions Load(string yaml, params (string, string)[] environment) =>
        ConfigurationText.Load(yaml + "swift: {}\n", [("HOME", _folder.Path), .. environment]).Keystone!;

    private string[] Faults(string yaml, params (string, string)[] environment) =>
        ConfigurationText.Faults(yaml + "swift: {}\n", [("HOME", _folder.Path), .. environment]);
}
