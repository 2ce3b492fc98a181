using System.Globalization;

namespace Consometer.Scenarios.Requests;

/// <summary>A request as Swift's proxy logs it, for tests that need more of them than clients can make. All names are plain, so nothing is quoted.</summary>
/// <param name="Id">Its number: no two lines are of one transaction.</param>
/// <param name="ProjectId">Whose it is.</param>
/// <param name="Container">The container of its object.</param>
/// <param name="IsUpload">A PUT; else a GET.</param>
/// <param name="IsInside">Whether it comes from an address that is internal by default.</param>
/// <param name="Bytes">Bytes of the object.</param>
internal sealed record LoggedRequest(long Id, string ProjectId, string Container, bool IsUpload, bool IsInside, long Bytes)
{
    /// <summary>The line, with what rsyslog writes before it, and no end.</summary>
    /// <param name="end">When the request ended.</param>
    public string Line(DateTimeOffset end)
    {
        var address = IsInside ? "10.0.0.7" : "203.0.113.9";
        var seconds = (end.ToUnixTimeMilliseconds() / 1000m).ToString("0.000000000", CultureInfo.InvariantCulture);
        var (received, sent) = IsUpload ? (Bytes, 0L) : (0L, Bytes);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{end:MMM dd HH:mm:ss} proxy-1 proxy-server: {address} {address} {end:dd/MMM/yyyy/HH/mm/ss} {(IsUpload ? "PUT" : "GET")} "
            + $"/v1/AUTH_{ProjectId}/{Container}/object-{Id} HTTP/1.0 {(IsUpload ? 201 : 200)} - curl/7.88.1 AUTH_tk0123456789a... {Logged(received)} {Logged(sent)} - "
            + $"tx{Id:d21}-{end.ToUnixTimeSeconds():x10} - 0.0420 - - {seconds} {seconds} 0");
    }

    /// <summary>Adds what it must add to the meters.</summary>
    public void AddTo(MeteredRequests sums)
    {
        var (operation, network) = (IsUpload ? "upload" : "download", IsInside ? "internal" : "external");
        sums.Add(IsUpload ? "storage.objects.incoming.bytes" : "storage.objects.outgoing.bytes", ProjectId, Bytes);
        sums.Add($"storage.objects.{operation}.{network}", $"{ProjectId}/{Container}", 1);
        sums.Add($"storage.objects.{operation}.size.{network}", $"{ProjectId}/{Container}", Bytes);
    }

    private static string Logged(long bytes) => bytes == 0 ? "-" : bytes.ToString(CultureInfo.InvariantCulture);
}
