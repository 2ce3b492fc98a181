using Consometer.Metering.Requests;

namespace Consometer.Tests.Metering.Requests;

public sealed class S3RequestTests
{
    private const string Template = LogLayout.Default + " {account} {container} {object}";

    [Theory]
    [InlineData("PUT", "/bucket/key", "upload")]
    [InlineData("GET", "/bucket/dir/key", "download")]
    [InlineData("GET", "/bucket/key%3FversionId%3D1795299920.66247", "download")]
    [InlineData("GET", "/bucket/key%3FpartNumber%3D2", "download")]
    [InlineData("GET", "/bucket/key%3Fresponse-content-type%3Dtext/plain", "download")]
    [InlineData("GET", "/bucket/key%3Fattributes", "download")]
    [InlineData("GET", "/bucket/key%3Fx%3Dacl", "download")]
    [InlineData("PUT", "/bucket/key%3FpartNumber%3D1%26uploadId%3DabC", "upload")]
    [InlineData("PUT", "/bucket/key%3FuploadId%3DabC%26partNumber%3D1", "upload")]
    [InlineData("DELETE", "/bucket/key", "delete")]
    [InlineData("DELETE", "/bucket/key%3FversionId%3D1", "delete")]
    [InlineData("DELETE", "/bucket/key%3FuploadId%3DabC", null)]
    [InlineData("POST", "/bucket/key%3Fuploads%3D", null)]
    [InlineData("POST", "/bucket/key%3FuploadId%3DabC", null)]
    [InlineData("GET", "/bucket/key%3FuploadId%3DabC", null)]
    [InlineData("GET", "/bucket/key%3Facl", null)]
    [InlineData("PUT", "/bucket/key%3Facl%3D", null)]
    [InlineData("GET", "/bucket/key%3FversionId%3D1%26tagging", null)]
    [InlineData("GET", "/bucket/key%3Flocation", null)]
    [InlineData("PUT", "/bucket/key%3Fversioning", null)]
    [InlineData("POST", "/bucket/key%3Fdelete", null)]
    [InlineData("HEAD", "/bucket/key", null)]
    [InlineData("GET", "/bucket", null)]
    [InlineData("GET", "/bucket/", null)]
    [InlineData("PUT", "/bucket", null)]
    [InlineData("POST", "/bucket%3Fdelete%3D", null)]
    public void With_the_bucket_in_its_path_a_request_is_for_a_key_or_about_it(string method, string path, string? operation) =>
        AssertIs(operation, "bucket", Read(method, path, "AUTH_p", "bucket"));

    [Theory]
    [InlineData("PUT", "/key", "upload")]
    [InlineData("GET", "/dir/key", "download")]
    [InlineData("GET", "/bucket/key", "download")]
    [InlineData("GET", "/", null)]
    [InlineData("GET", "/%3Flist-type%3D2", null)]
    [InlineData("POST", "/%3Fdelete", null)]
    [InlineData("GET", "/key%3Facl", null)]
    public void At_the_buckets_own_host_all_of_the_path_is_the_key(string method, string path, string? operation) =>
        AssertIs(operation, "bucket", Read(method, path, "AUTH_p", "bucket"));

    [Theory]
    [InlineData("bucket+segments", "bucket")]
    [InlineData("bucket%2Bsegments", "bucket")]
    [InlineData("%00versions%00bucket", "bucket")]
    [InlineData("%00versions%00bucket%2Bsegments", "bucket")]
    public void Parts_and_versions_are_of_the_bucket(string container, string bucket) =>
        AssertIs("upload", bucket, Read("PUT", "/bucket/key%3FpartNumber%3D1%26uploadId%3DabC", "AUTH_p", container));

    [Theory]
    [InlineData("-", "-")]
    [InlineData("-", "bucket")]
    [InlineData("p:owner", "bucket")]
    [InlineData("OTHER_p", "bucket")]
    public void Without_an_account_of_a_known_prefix_it_is_nobodys(string account, string container)
    {
        var counted = Read("PUT", "/bucket/key", account, container);

        Assert.Equal((0, 1, 17 + 19), (counted.Counts.Counted, counted.Counts.Unattributed, counted.Counts.UnattributedBytes));
        Assert.Empty(counted.Figures);
    }

    [Fact]
    public void Without_a_bucket_it_is_the_accounts_traffic()
    {
        AssertIs(null, "", Read("GET", "/", "AUTH_p", "-"));
    }

    [Fact]
    public void A_wrong_signature_is_refused() =>
        Assert.Equal((1, 0), (Read("PUT", "/bucket/key", "AUTH_p", "bucket", 403).Counts.Refused, Read("PUT", "/bucket/key", "AUTH_p", "bucket", 403).Figures.Count));

    private static CountedLog Read(string method, string path, string account, string container, int status = 200)
    {
        var line = new LoggedLine { Method = method, Path = path, Status = status, Received = 17, Sent = 19, Rest = $" {account} {container} key" };
        return new CountedLog(LogLayout.Parse(Template, out _)!, new ClientNetworks(ClientNetworks.Private, [])).Read(line.ToString());
    }

    private static void AssertIs(string? operation, string bucket, CountedLog counted)
    {
        var expected = new Dictionary<(string, string, string), long>
        {
            [("AUTH_p", "", "storage.objects.incoming.bytes")] = 17,
            [("AUTH_p", "", "storage.objects.outgoing.bytes")] = 19,
        };
        if (operation is not null)
        {
            expected[("AUTH_p", bucket, $"storage.objects.{operation}.internal")] = 1;
            expected[("AUTH_p", bucket, $"storage.objects.{operation}.size.internal")] = operation == "download" ? 19 : 17;
        }

        Assert.Equal(expected.Order(Comparer<KeyValuePair<(string, string, string), long>>.Create((x, y) => x.Key.CompareTo(y.Key))), counted.Figures.OrderBy(figure => figure.Key));
    }
}
