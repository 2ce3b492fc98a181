using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Consometer.Scenarios.Lab;

namespace Consometer.Scenarios.Requests;

/// <summary>A client that goes away in the midst. curl can only be killed, and nobody knows when; this one does.</summary>
internal static class AbortedRequest
{
    private const int Announced = 1_000_000;

    /// <summary>Sends the head and so many bytes of a larger body.</summary>
    public static async Task UploadAsync(DayRequest request, string token, int bytes)
    {
        using var client = await ConnectAsync(request.From);
        var stream = client.GetStream();
        await stream.WriteAsync(Head(request, token, string.Create(CultureInfo.InvariantCulture, $"Content-Length: {Announced}\r\n")));
        await stream.WriteAsync(new byte[bytes]);
        client.Client.Shutdown(SocketShutdown.Send);

        // Until Swift has taken all of it, and given up.
        await stream.CopyToAsync(Stream.Null);
    }

    /// <summary>Reads so many bytes of the answer.</summary>
    public static async Task DownloadAsync(DayRequest request, string token, int bytes)
    {
        using var client = await ConnectAsync(request.From);
        var stream = client.GetStream();
        await stream.WriteAsync(Head(request, token, ""));
        await stream.ReadExactlyAsync(new byte[bytes]);
        client.LingerState = new LingerOption(enable: true, seconds: 0);
    }

    private static async Task<TcpClient> ConnectAsync(string from)
    {
        var client = new TcpClient(new IPEndPoint(IPAddress.Parse(from), 0));
        await client.ConnectAsync(IPAddress.Loopback, LoggedProxy.Port);
        return client;
    }

    private static byte[] Head(DayRequest request, string token, string more) => Encoding.ASCII.GetBytes(
        $"{request.Method} {request.Target.Path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Auth-Token: {token}\r\n{more}Connection: close\r\n\r\n");
}
