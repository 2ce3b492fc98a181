using System.Diagnostics;
using System.Globalization;
using Consometer.Swift.Accounts;

namespace Consometer.Swift.Recon;

/// <summary>What a server said to a question of recon, or why it said nothing. Closed: these three and no other.</summary>
public abstract record ReconAnswer
{
    private ReconAnswer()
    {
    }

    /// <summary>It answered.</summary>
    /// <param name="Md5s">MD5 in lower-case hex by the file's name without its folder; null for a file that it could not read.</param>
    public sealed record Answered(IReadOnlyDictionary<string, string?> Md5s) : ReconAnswer;

    /// <summary>It answered with a status that is no success.</summary>
    /// <param name="Status">HTTP's.</param>
    public sealed record Refused(int Status) : ReconAnswer
    {
        /// <summary>
        /// The server has no recon in its pipeline: a storage server takes the path for that of a device then and says 400, a
        /// proxy says 404.
        /// </summary>
        public bool IsWithoutRecon => Status is 400 or 404;
    }

    /// <summary>It gave no answer, or one that makes no sense.</summary>
    public sealed record Unavailable(Unavailability Reason) : ReconAnswer;

    /// <summary>The word for it in reports: <c>answered</c>, <c>status_404</c>, or the reason, as <c>timed_out</c>.</summary>
    public string Word => this switch
    {
        Answered => "answered",
        Refused refused => string.Create(CultureInfo.InvariantCulture, $"status_{refused.Status}"),
        Unavailable unavailable => unavailable.Reason.Word(),
        _ => throw new UnreachableException(),
    };
}
