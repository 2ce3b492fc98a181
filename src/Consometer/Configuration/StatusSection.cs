using System.Net;

namespace Consometer.Configuration;

/// <summary>The section <c>status</c>: where the daemon shows how it is, and what of it.</summary>
internal static class StatusSection
{
    private static readonly IPEndPoint Default = new(IPAddress.Loopback, 8080);

    public static StatusOptions Read(YamlSection status)
    {
        var given = status.Find("listen");
        return new StatusOptions(given is var (text, place) ? ReadListen(status, text, place) : Default, status.Flag("accounts", true), status.Flag("account_metrics", false))
        {
            IsListenGiven = given is not null,
        };
    }

    /// <summary><c>ADDRESS:PORT</c>, <c>:PORT</c> for every address, or <c>none</c>. No names: whom a name stands for, somebody else decides.</summary>
    private static IPEndPoint? ReadListen(YamlSection status, string text, string place)
    {
        if (text == "none")
        {
            return null;
        }

        var address = text.StartsWith(':') ? $"[::]{text}" : text.Replace("localhost:", "127.0.0.1:", StringComparison.Ordinal);
        if (address.LastIndexOf(':') > address.LastIndexOf(']') && IPEndPoint.TryParse(address, out var listen) && $":{listen.Port}" == address[address.LastIndexOf(':')..])
        {
            return listen;
        }

        status.Fault("listen", place, "an address and a port such as 127.0.0.1:8080, [::1]:8080, :8080, or none", $"\"{text}\"");
        return null;
    }
}
