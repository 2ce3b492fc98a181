using System.Globalization;
using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Requests;

/// <summary>How a request ended, as its client tells.</summary>
/// <param name="Status">The answer's status; 0 if there was none.</param>
/// <param name="Sent">Bytes of the body that were sent.</param>
/// <param name="Received">Bytes of the body that came.</param>
/// <param name="Token">The header X-Auth-Token.</param>
/// <param name="VersionId">The header X-Object-Version-Id.</param>
/// <param name="Body">The body, if it is short.</param>
internal sealed record Answer(int Status, long Sent, long Received, string Token = "", string VersionId = "", string Body = "");

/// <summary>One request with curl.</summary>
internal static class Curl
{
    private const int ShortBytes = 4096;

    /// <param name="folder">Where the body may lie.</param>
    /// <param name="from">The address of loopback from which to connect.</param>
    /// <param name="method">The method.</param>
    /// <param name="url">The URL, sent as it is.</param>
    /// <param name="more">More arguments.</param>
    public static async Task<Answer> RequestAsync(ConfigurationFolder folder, string from, string method, string url, params IEnumerable<string> more)
    {
        var body = Path.Combine(folder.Path, "answer");
        File.WriteAllBytes(body, []);
        string[] how = method == "HEAD" ? ["--head"] : ["--request", method];
        var run = await Programs.OtherAsync("curl", [
            "--silent", "--show-error", "--globoff", "--path-as-is", "--max-time", "60", "--interface", from, .. how,
            "--output", body, "--write-out", "%{http_code}\t%{size_upload}\t%{size_download}\t%header{x-auth-token}\t%header{x-object-version-id}", .. more, url,
        ]);
        var told = run.Succeeded().Output.Split('\t');
        var text = new FileInfo(body).Length <= ShortBytes ? File.ReadAllText(body) : "";
        return new Answer(int.Parse(told[0], CultureInfo.InvariantCulture), Number(told[1]), method == "HEAD" ? 0 : Number(told[2]), told[3], told[4], text);
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
