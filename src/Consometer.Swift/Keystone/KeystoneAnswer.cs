using System.Net;
using System.Text;
using System.Text.Json;

namespace Consometer.Swift.Keystone;

/// <summary>An answer of Keystone's, read whole.</summary>
/// <param name="Status">Below 500: what is more is no answer.</param>
/// <param name="Reason">The status in words.</param>
/// <param name="SubjectToken">The token that was issued, from <c>X-Subject-Token</c>.</param>
/// <param name="Body">UTF-8, whatever its Content-Type says: what fails may name a character set that is none.</param>
internal sealed record KeystoneAnswer(HttpStatusCode Status, string? Reason, Secret? SubjectToken, byte[] Body)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>Status and Keystone's own words, or the server's.</summary>
    public string Error => $"{(int)Status} {ErrorMessage() ?? Reason}";

    /// <summary>What Keystone says went wrong, on one line; null if the body is not its error.</summary>
    private string? ErrorMessage()
    {
        try
        {
            using var body = JsonDocument.Parse(Encoding.UTF8.GetString(Body));
            return KeystoneJson.Text(KeystoneJson.Member(body.RootElement, "error"), "message")?.ReplaceLineEndings(" ");
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
