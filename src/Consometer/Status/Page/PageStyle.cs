using System.Security.Cryptography;
using System.Text;

namespace Consometer.Status.Page;

/// <summary>The page's one style sheet, which is in the program and goes into the page.</summary>
internal static class PageStyle
{
    public static string Text { get; } = Read();

    /// <summary>The page may have this style, its icon, and nothing else: no script, no other place's anything.</summary>
    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Text)))}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static string Read()
    {
        using var reader = new StreamReader(typeof(PageStyle).Assembly.GetManifestResourceStream("status.css")!, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
