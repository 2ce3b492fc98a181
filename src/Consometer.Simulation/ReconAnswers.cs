using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Consometer.Simulation;

/// <summary>The answers of the recon middleware (<c>swift/common/middleware/recon.py</c>), as recorded in <c>fixtures/responses</c>.</summary>
internal static class ReconAnswers
{
    /// <summary>What recon takes for itself, whatever the method.</summary>
    public const string Root = "/recon/";

    /// <param name="context">The request, and the answer to fill.</param>
    /// <param name="target">Its target, below <see cref="Root"/>.</param>
    /// <param name="node">Whose recon it is.</param>
    public static Task AnswerAsync(HttpContext context, string target, SimulatedNode node) => target[Root.Length..] switch
    {
        "ringmd5" => Md5sAsync(context, node.RingMd5s),
        "swiftconfmd5" => Md5sAsync(context, node.SwiftConfMd5s),
        _ => AccountAnswers.WithBodyAsync(context, StatusCodes.Status404NotFound, "text/plain", $"Invalid path: {target}"),
    };

    private static Task Md5sAsync(HttpContext context, IReadOnlyDictionary<string, string?> md5s) =>
        AccountAnswers.WithBodyAsync(context, StatusCodes.Status200OK, "application/json", JsonSerializer.Serialize(md5s));
}
