using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Consometer.Scenarios.Requests;

/// <summary>Ports for datagrams on this machine.</summary>
internal static class UdpPorts
{
    /// <summary>One that nobody has now.</summary>
    public static int Free()
    {
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.Client.LocalEndPoint!).Port;
    }

    /// <summary>Until somebody has it: what is sent there from now on is received.</summary>
    /// <param name="port">The port.</param>
    /// <param name="said">What whoever should have it said, for the failure's message.</param>
    public static Task TakenAsync(int port, Func<string> said) => Eventually.TrueAsync(
        () => $"a socket on port {port}: {said()}",
        () => Task.FromResult(IPGlobalProperties.GetIPGlobalProperties().GetActiveUdpListeners().Any(end => end.Port == port)));
}
