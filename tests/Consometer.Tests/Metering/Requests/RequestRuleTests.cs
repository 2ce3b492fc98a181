using System.Text;
using Consometer.Metering.Requests;

namespace Consometer.Tests.Metering.Requests;

public sealed class RequestRuleTests
{
    [Theory]
    [InlineData("PUT", 201, "/v1/a/c/o", Operation.Upload)]
    [InlineData("PUT", 202, "/v1/a/c/o", Operation.Upload)]
    [InlineData("COPY", 201, "/v1/a/c/o", Operation.Upload)]
    [InlineData("PUT", 201, "/v1/a/c/o%3Fmultipart-manifest%3Dput", Operation.Upload)]
    [InlineData("GET", 200, "/v1/a/c/o", Operation.Download)]
    [InlineData("GET", 206, "/v1/a/c/o", Operation.Download)]
    [InlineData("GET", 304, "/v1/a/c/o", Operation.None)]
    [InlineData("GET", 416, "/v1/a/c/o", Operation.None)]
    [InlineData("GET", 499, "/v1/a/c/o", Operation.None)]
    [InlineData("GET", 503, "/v1/a/c/o", Operation.None)]
    [InlineData("HEAD", 200, "/v1/a/c/o", Operation.None)]
    [InlineData("OPTIONS", 200, "/v1/a/c/o", Operation.None)]
    [InlineData("get", 200, "/v1/a/c/o", Operation.None)]
    [InlineData("POST", 202, "/v1/a/c/o", Operation.Update)]
    [InlineData("POST", 204, "/v1/a/c", Operation.None)]
    [InlineData("POST", 404, "/v1/a/c/o", Operation.None)]
    [InlineData("DELETE", 204, "/v1/a/c/o", Operation.Delete)]
    [InlineData("DELETE", 404, "/v1/a/c/o", Operation.None)]
    [InlineData("DELETE", 204, "/v1/a/c", Operation.None)]
    [InlineData("GET", 200, "/v1/a/c", Operation.None)]
    [InlineData("GET", 200, "/v1/a/c/", Operation.None)]
    [InlineData("GET", 200, "/v1/a", Operation.None)]
    [InlineData("PUT", 201, "/v1/a/c", Operation.None)]
    [InlineData("POST", 201, "/v1/a/c/", Operation.Upload)]
    [InlineData("POST", 201, "/v1/a/c", Operation.Upload)]
    [InlineData("POST", 303, "/v1/a/c/prefix", Operation.Upload)]
    [InlineData("POST", 400, "/v1/a/c/prefix", Operation.None)]
    [InlineData("GET", 303, "/v1/a/c/prefix", Operation.None)]
    [InlineData("PUT", 200, "/v1/a/c%3Fextract-archive%3Dtar", Operation.Upload)]
    [InlineData("PUT", 200, "/v1/a/c/under%3Fextract-archive%3Dtar.gz", Operation.Upload)]
    [InlineData("PUT", 200, "/v1/a%3Fextract-archive%3Dtar", Operation.None)]
    [InlineData("PUT", 400, "/v1/a/c%3Fextract-archive%3Dtar", Operation.None)]
    [InlineData("POST", 200, "/v1/a%3Fbulk-delete", Operation.None)]
    [InlineData("POST", 200, "/v1/a/c/o%3Fbulk-delete", Operation.None)]
    [InlineData("DELETE", 200, "/v1/a/c/o%3Fbulk-delete", Operation.None)]
    [InlineData("PUT", 201, "/v1/a/c/o%3Fbulk-delete", Operation.Upload)]
    [InlineData("DELETE", 200, "/v1/a/c/o%3Fmultipart-manifest%3Ddelete", Operation.Delete)]
    public void A_request_to_Swift_is_an_operation_by_its_method_status_and_path(string method, int status, string path, Operation operation) =>
        Assert.Equal(operation, RequestRule.OfSwift(Encoding.ASCII.GetBytes(method), status, LoggedPath.Of(Encoding.ASCII.GetBytes(path))));

    [Fact]
    public void Refused_is_what_anybody_can_have_without_an_account()
    {
        Assert.Equal([400, 401, 403, 405, 412, 429, 498], Enumerable.Range(100, 500).Where(RequestRule.IsRefused));
    }

    [Fact]
    public void The_size_of_a_download_is_what_went_out_and_of_all_else_what_came_in()
    {
        Assert.Equal(2, RequestRule.SizeOf(Operation.Download, received: 1, sent: 2));
        Assert.Equal(1, RequestRule.SizeOf(Operation.Upload, received: 1, sent: 2));
        Assert.Equal(1, RequestRule.SizeOf(Operation.Update, received: 1, sent: 2));
        Assert.Equal(1, RequestRule.SizeOf(Operation.Delete, received: 1, sent: 2));
    }
}
