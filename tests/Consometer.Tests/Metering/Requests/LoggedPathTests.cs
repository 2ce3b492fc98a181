using System.Text;
using Consometer.Metering.Requests;

namespace Consometer.Tests.Metering.Requests;

public sealed class LoggedPathTests
{
    [Theory]
    [InlineData("/v1/AUTH_p", "AUTH_p", "", false)]
    [InlineData("/v1/AUTH_p/", "AUTH_p", "", false)]
    [InlineData("/v1/AUTH_p//o", "AUTH_p", "", false)]
    [InlineData("/v1/AUTH_p/c", "AUTH_p", "c", false)]
    [InlineData("/v1/AUTH_p/c/", "AUTH_p", "c", false)]
    [InlineData("/v1/AUTH_p/c//", "AUTH_p", "c", true)]
    [InlineData("/v1/AUTH_p/c/o", "AUTH_p", "c", true)]
    [InlineData("/v1.0/AUTH_p/c/a/b/", "AUTH_p", "c", true)]
    [InlineData("/v1/AUTH_p/c/-", "AUTH_p", "c", true)]
    [InlineData("/v1/AUTH_p/c%3Fprefix%3Da/b", "AUTH_p", "c", false)]
    [InlineData("/v1/AUTH_p%3Fformat%3Djson", "AUTH_p", "", false)]
    [InlineData("/v1//c/o", "", "c", true)]
    [InlineData("/v1", "", "", false)]
    [InlineData("/v1/", "", "", false)]
    [InlineData("/v2/AUTH_p/c/o", "", "", false)]
    [InlineData("/v10/AUTH_p/c/o", "", "", false)]
    [InlineData("/bucket/key", "", "", false)]
    [InlineData("/", "", "", false)]
    [InlineData("", "", "", false)]
    [InlineData("-", "", "", false)]
    public void A_path_has_an_account_a_container_and_an_object(string path, string account, string container, bool hasObject)
    {
        var found = LoggedPath.Of(Encoding.UTF8.GetBytes(path));

        Assert.Equal((account, account.Length > 0, hasObject), (Encoding.UTF8.GetString(found.Account), found.IsSwift, found.HasObject));
        Assert.Equal(container, found.Container.IsEmpty ? "" : Encoding.UTF8.GetString(found.Container));
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("with%2520space", "with space")]
    [InlineData("100%2525", "100%")]
    [InlineData("100%252525", "100%25")]
    [InlineData("%25C3%25A9t%25C3%25A9", "été")]
    [InlineData("new%250Aline%2509tab", "new\nline\ttab")]
    [InlineData("a:b{c}", "a:b{c}")]
    [InlineData("%25F0%259F%25A6%258A", "🦊")]
    [InlineData("a+b", "a+b")]
    public void A_name_is_what_the_client_meant(string part, string name) => Assert.Equal(name, LoggedPath.NameOf(Encoding.UTF8.GetBytes(part)));

    [Theory]
    [InlineData("%")]
    [InlineData("%2")]
    [InlineData("%25")]
    [InlineData("%25F")]
    [InlineData("%25FF%25FE")]
    [InlineData("%zz%")]
    public void A_name_that_is_badly_quoted_is_a_name_all_the_same(string part) => Assert.NotEmpty(LoggedPath.NameOf(Encoding.UTF8.GetBytes(part)));

    [Fact]
    public void Versions_of_a_containers_objects_are_the_containers()
    {
        Assert.Equal("ledger", LoggedPath.ContainerOf("\0versions\0ledger"));
        Assert.Equal("versions", LoggedPath.ContainerOf("versions"));
    }

    [Theory]
    [InlineData("/v1/a%3Fbulk-delete", true)]
    [InlineData("/v1/a%3Fbulk-delete%3D", true)]
    [InlineData("/v1/a%3Fbulk-delete%3Dyes%26x", true)]
    [InlineData("/v1/a%3Fx%3D1%26bulk-delete", true)]
    [InlineData("/v1/a%3Fbulk-deletes", false)]
    [InlineData("/v1/a%3Fx%3Dbulk-delete", false)]
    [InlineData("/v1/a%3Fx%3D%253Fbulk-delete", false)]
    [InlineData("/v1/a/bulk-delete", false)]
    [InlineData("/v1/a%253Fbulk-delete", false)]
    [InlineData("/v1/a%3F", false)]
    [InlineData("/v1/a%3F%26%26%26", false)]
    public void A_query_has_keys_with_values_and_without(string path, bool has) => Assert.Equal(has, LoggedPath.Of(Encoding.UTF8.GetBytes(path)).Has("bulk-delete"u8));
}
