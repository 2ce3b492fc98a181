using System.Net.Sockets;

namespace Consometer.Scenarios.Lab;

/// <summary>Who listens on this machine.</summary>
internal static class Ports
{
    public static async Task<bool> ListensAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
