using System.Globalization;
using System.Text;
using RabbitMQ.Client;

namespace Consometer.Delivery.Tasks;

/// <summary>A broker's version, as far as sharing rounds depends on it.</summary>
/// <param name="Text">As the broker writes it; empty where it tells none.</param>
/// <param name="Major">The first number; 0 where there is none.</param>
/// <param name="Minor">The second.</param>
public sealed record BrokerVersion(string Text, int Major, int Minor)
{
    /// <summary>Whether rounds can be shared over it: quorum queues that one consumer has at a time are since RabbitMQ 3.8.</summary>
    public bool CanShare => this is { Major: > 3 } or { Major: 3, Minor: >= 8 };

    /// <summary>Whether quorum queues drop what has expired, and hand on what they drop without losing any: since RabbitMQ 3.10.</summary>
    public bool HasExpiry => this is { Major: > 3 } or { Major: 3, Minor: >= 10 };

    /// <summary>What the broker said of itself when it was connected to.</summary>
    internal static BrokerVersion Of(IConnection connection) =>
        Parse(connection.ServerProperties?.TryGetValue("version", out var version) == true && version is byte[] bytes ? Encoding.UTF8.GetString(bytes) : "");

    /// <summary>Reads <c>3.10.8</c>, <c>4.0.0-rc.1</c>, <c>3.13.7+1.g00</c>: two numbers, whatever follows.</summary>
    public static BrokerVersion Parse(string text)
    {
        var parts = text.Split('.', 3);
        return parts.Length > 1 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            && int.TryParse(parts[1].AsSpan(0, DigitsOf(parts[1])), NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
            ? new BrokerVersion(text, major, minor)
            : new BrokerVersion(text, 0, 0);

        static int DigitsOf(string part) => part.TakeWhile(char.IsAsciiDigit).Count();
    }
}
