using System.Formats.Tar;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using static Consometer.Scenarios.Requests.Operation;
using static Consometer.Scenarios.Requests.Owed;

namespace Consometer.Scenarios.Requests;

/// <content>What is made of several objects, what comes with a signature in place of a token, and S3.</content>
internal sealed partial class ScriptedDay
{
    /// <summary>The account of the S3 user, and the bucket of this day.</summary>
    public const string S3ProjectId = "lab";

    private const string Key = "of all signatures";
    private const string Segments = "photos_segments";
    private const string Bulk = "bulk";
    private const string Versioned = "versioned";
    private const string Kept = "kept versions";
    private const int SegmentBytes = 3_000;

    private static readonly string[] PlainText = ["-H", "Content-Type: text/plain"];

    private readonly string _bucket = $"bucket-{Guid.NewGuid():N}";

    private readonly string _expires = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

#pragma warning disable format // A table has columns.

    /// <summary>Static and dynamic large objects: a download is of the container of the manifest, however many segments it has.</summary>
    public IEnumerable<DayRequest> Large()
    {
        var manifest = Encoding.UTF8.GetBytes(string.Concat("[", string.Join(", ", Enumerable.Range(1, 2).Select(n => $$"""{"path": "/{{Segments}}/s{{n}}"}""")), "]"));
        string[] sentManifest = ["-T", File("manifest", manifest)];
        var slo = Target.Of(First, Photos, "slo");
        return
        [
            new("container of segments",   Inside,   "PUT",    Target.Of(First, Segments),            201, 0,        0,        None,     null),
            new("segment",                 Outside,  "PUT",    Target.Of(First, Segments, "s1"),      201, SegmentBytes, 0,    Upload,   Segments, Body(SegmentBytes)),
            new("segment",                 Inside,   "PUT",    Target.Of(First, Segments, "s2"),      201, SegmentBytes, 0,    Upload,   Segments, Body(SegmentBytes)),
            new("static manifest",         Outside,  "PUT",    slo.Query("multipart-manifest=put"),   201, manifest.Length, 0, Upload,   Photos, sentManifest),
            new("static, download",        Outside,  "GET",    slo,                                   200, 0,        2 * SegmentBytes, Download, Photos),
            new("static, range of both",   Inside,   "GET",    slo,                                   206, 0,        1_000,    Download, Photos, "-r", "2500-3499"),
            new("static, the manifest",    Outside,  "GET",    slo.Query("multipart-manifest=get"),   200, 0,        Received, Download, Photos),
            new("dynamic manifest",        Inside,   "PUT",    Target.Of(First, Odd, "dlo"),          201, 0,        0,        Upload,   Odd,
                [.. Body(0), "-H", $"X-Object-Manifest: {Segments}/s"]),
            new("dynamic, download",       Outside,  "GET",    Target.Of(First, Odd, "dlo"),          200, 0,        2 * SegmentBytes, Download, Odd),
            new("static, all deleted",     Outside,  "DELETE", slo.Query("multipart-manifest=delete"), 200, 0,       Received, Delete,   Photos),
            new("segment, gone with it",   Outside,  "GET",    Target.Of(First, Segments, "s1"),      404, 0,        Received, None,     null),
        ];
    }

    /// <summary>An archive with a container in its path is an upload; its objects, and those of a list, are the account's traffic.</summary>
    public IEnumerable<DayRequest> Many()
    {
        var archive = Archive("b1", "b2", "b3");
        var byContainers = Archive($"{Bulk}/c1", $"{Bulk}/c2");
        var list = Encoding.UTF8.GetBytes(string.Join('\n', $"{Bulk}/b1", $"{Bulk}/c2", $"{Bulk}/none"));
        var rest = Encoding.UTF8.GetBytes($"{Bulk}/b3");
        return
        [
            new("archive",                 Outside,  "PUT",    Target.Of(First, Bulk).Query("extract-archive=tar"), 200, archive.Length, Received, Upload, Bulk,
                "-T", File("archive.tar", archive)),
            new("archive of containers",   Outside,  "PUT",    Target.Of(First).Query("extract-archive=tar"), 200, byContainers.Length, Received, None, null,
                "-T", File("containers.tar", byContainers)),
            new("download of a part",      Inside,   "GET",    Target.Of(First, Bulk, "b2"),          200, 0,        2,        Download, Bulk),
            new("list of deletes",         Outside,  "POST",   Target.Of(First).Query("bulk-delete"), 200, list.Length, Received, None, null,
                [.. PlainText, "--data-binary", $"@{File("list", list)}"]),
            new("list at an object",       Outside,  "POST",   Target.Of(First, Bulk, "b2").Query("bulk-delete"), 200, rest.Length, Received, None, null,
                [.. PlainText, "--data-binary", $"@{File("rest", rest)}"]),
            new("list of what is gone",    Outside,  "POST",   Target.Of(First).Query("bulk-delete"), 200, 0,        0,        None, null,
                [.. PlainText, "--data-binary", $"@{File("rest", rest)}"]),
            new("no token, archive",       Outside,  "PUT",    Target.Of(First, Bulk).Query("extract-archive=tar"), 200, 0, 0, None, null,
                "-T", File("archive.tar", archive)) { Token = "" },
            new("no token, list",          Outside,  "POST",   Target.Of(First).Query("bulk-delete"), 200, 0,        0,        None, null,
                [.. PlainText, "--data-binary", $"@{File("list", list)}"]) { Token = "" },
            new("no token, list at an object", Outside, "DELETE", Target.Of(First, Bulk, "b2").Query("bulk-delete"), 200, 0, 0, None, null,
                [.. PlainText, "--data-binary", $"@{File("list", list)}"]) { Token = "" },
            new("no signature, form",      Outside,  "POST",   Target.Of(First, Photos, "form-"),     400, 0,        0,        None, null,
                "-F", "max_file_size=x", "-F", $"file1=@{File("form-3", new byte[900])}") { Token = "" },
            new("no such archive",         Outside,  "PUT",    Target.Of(First, Bulk).Query("extract-archive=zip"), 400, 0, 0, None, null,
                "-T", File("archive.tar", archive)) { Token = "" },
        ];
    }

    /// <summary>Signed URLs and a form: the signature stands for the token. One that does not hold is refused, as no token is.</summary>
    public IEnumerable<DayRequest> Signed()
    {
        var target = Target.Of(First, Odd, "signed one");
        string[] form = ["-F", "redirect=", "-F", "max_file_size=9999", "-F", "max_file_count=2", "-F", $"expires={_expires}"];
        var prefix = Target.Of(First, Photos, "form-");
        var signature = Hmac($"{prefix.Unquoted}\n\n9999\n2\n{_expires}");
        return
        [
            new("signed, upload",          Outside,  "PUT",    SignedUrl("PUT", target),              201, 700,      0,        Upload,   Odd, Body(700)) { Token = "" },
            new("signed, download",        Outside,  "GET",    SignedUrl("GET", target),              200, 0,        700,      Download, Odd) { Token = "" },
            new("signed, expired",         Outside,  "GET",    SignedUrl("GET", target, expires: "1000000000"), 401, 0, 0,     None,     null) { Token = "" },
            new("signed, another method",  Outside,  "DELETE", SignedUrl("GET", target),              401, 0,        0,        None,     null) { Token = "" },
            new("form",                    Outside,  "POST",   prefix,                                201, Sent,     Received, Upload,   Photos,
                [.. form, "-F", $"signature={signature}", "-F", $"file1=@{File("form-1", new byte[800])}"]) { Token = "" },
            new("form, refused",           Outside,  "POST",   prefix,                                401, 0,        0,        None,     null,
                [.. form, "-F", "signature=wrong", "-F", $"file1=@{File("form-2", new byte[900])}"]) { Token = "" },
            new("download of a form's",    Inside,   "GET",    Target.Of(First, Photos, "form-form-1"), 200, 0,      800,      Download, Photos),
        ];
    }

    /// <summary>Containers that keep versions: one in itself, where Swift logs uploads as its own, and one in another.</summary>
    public IEnumerable<DayRequest> Versions()
    {
        var target = Target.Of(First, Versioned, "one");
        yield return new("versioned container",    Inside,  "PUT",    Target.Of(First, Versioned),  201, 0,     0,        None,     null,
            "-H", "X-Versions-Enabled: true");
        yield return new("upload",                 Outside, "PUT",    target,                       201, 1_100, 0,        Upload,   Versioned, Body(1_100));
        var version = _last.VersionId;
        Assert.NotEmpty(version);
        yield return new("upload over it",         Inside,  "PUT",    target,                       201, 1_200, 0,        Upload,   Versioned, Body(1_200));
        yield return new("download",               Outside, "GET",    target,                       200, 0,     1_200,    Download, Versioned);
        yield return new("download of the first",  Inside,  "GET",    target.Query($"version-id={version}"), 200, 0, 1_100, Download, Versioned);
        yield return new("versions",               Outside, "GET",    Target.Of(First, Versioned).Query("versions&format=json"), 200, 0, Received, None, null);
        yield return new("delete of the first",    Outside, "DELETE", target.Query($"version-id={version}"), 204, 0, 0,   Delete,   Versioned);
        yield return new("delete",                 Inside,  "DELETE", target,                       204, 0,     0,        Delete,   Versioned);
        yield return new("gone",                   Inside,  "GET",    target,                       404, 0,     Received, None,     null);
        yield return new("container for versions", Inside,  "PUT",    Target.Of(Second, Kept),      201, 0,     0,        None,     null);
        yield return new("container with them",    Inside,  "POST",   Target.Of(Second, Photos),    204, 0,     0,        None,     null,
            "-H", $"X-Versions-Location: {Uri.EscapeDataString(Kept)}");
        yield return new("upload over one",        Outside, "PUT",    Target.Of(Second, Photos, "one"), 201, 1_300, 0,    Upload,   Photos, Body(1_300));
        yield return new("delete, and it is back", Outside, "DELETE", Target.Of(Second, Photos, "one"), 204, 0, 0,        Delete,   Photos);
        yield return new("download of it",         Outside, "GET",    Target.Of(Second, Photos, "one"), 200, 0, 5_000,    Download, Photos);
    }

    /// <summary>The same objects by S3, whose paths name no account: only a template that does tells whose they are.</summary>
    public IEnumerable<DayRequest> S3()
    {
        yield return S3("bucket",           Inside,  "PUT",    "",                       200, 0,     Received, None,     null);
        yield return S3("S3 upload",        Outside, "PUT",    "/one",                   200, 1_400, Received, Upload,   _bucket, Body(1_400));
        yield return S3("S3 download",      Inside,  "GET",    "/one",                   200, 0,     1_400,    Download, _bucket);
        yield return S3("S3 list",          Inside,  "GET",    "",                       200, 0,     Received, None,     null);
        yield return S3("S3 rights",        Outside, "GET",    "/one?acl",               200, 0,     Received, None,     null);
        yield return S3("S3 parts",         Inside,  "POST",   "/many?uploads",          200, 0,     Received, None,     null);
        var id = _last.Body.Split("<UploadId>")[1].Split("</UploadId>")[0];
        yield return S3("S3 part",          Outside, "PUT",    $"/many?partNumber=1&uploadId={id}", 200, 1_500, Received, Upload, _bucket, Body(1_500));
        var etag = Convert.ToHexStringLower(MD5.HashData(new byte[1_500]));
        var parts = Encoding.UTF8.GetBytes($"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{etag}</ETag></Part></CompleteMultipartUpload>");
        yield return S3("S3 all parts",     Outside, "POST",   $"/many?uploadId={id}",   200, parts.Length, Received, None, null,
            [.. PlainText, "--data-binary", $"@{File("parts", parts)}"]);
        yield return S3("S3 download",      Outside, "GET",    "/many",                  200, 0,     1_500,    Download, _bucket);
        yield return S3("S3 nothing there", Outside, "GET",    "/none",                  404, 0,     Received, None,     null);
        yield return S3("S3 head",          Inside,  "HEAD",   "/one",                   200, 0,     0,        None,     null);
        yield return S3("S3, nobody's",     Outside, "GET",    "/one?policy",            501, 0,     0,        None,     null); // No request to Swift, so no account.
        yield return S3("S3 delete",        Outside, "DELETE", "/one",                   204, 0,     0,        Delete,   _bucket);
    }

#pragma warning restore format

    /// <summary>With a signature of S3's version 2, which is of a few lines.</summary>
    private DayRequest S3(string what, string from, string method, string path, int status, Owed received, Owed sent, Operation operation, string? container, params string[] curl)
    {
        var date = DateTimeOffset.UtcNow.ToString("r", CultureInfo.InvariantCulture);
        var type = method == "POST" && curl.Length > 0 ? "text/plain" : "";
        var signed = HMACSHA1.HashData("secret"u8, Encoding.UTF8.GetBytes($"{method}\n\n{type}\n{date}\n/{_bucket}{path}"));
        string[] headers = ["-H", $"Date: {date}", "-H", $"Authorization: AWS lab:lab:{Convert.ToBase64String(signed)}"];
        return new DayRequest(what, from, method, new Target(S3ProjectId, $"/{_bucket}{path}"), status, received, sent, operation, container, [.. headers, .. curl]) { Token = "" };
    }

    private Target SignedUrl(string method, Target target, string? expires = null) =>
        target.Query($"temp_url_sig={Hmac($"{method}\n{expires ?? _expires}\n{target.Unquoted}")}&temp_url_expires={expires ?? _expires}");

    private static string Hmac(string text) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Key), Encoding.UTF8.GetBytes(text)));

    /// <summary>A tar of small files.</summary>
    private static byte[] Archive(params string[] names)
    {
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var name in names)
            {
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(name[^2..])) });
            }
        }

        return stream.ToArray();
    }
}
