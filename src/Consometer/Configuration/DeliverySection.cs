using System.Globalization;
using System.Security.Cryptography;
using Consometer.Delivery.Formats;
using Consometer.Delivery.Publishing;
using Consometer.Swift;

namespace Consometer.Configuration;

/// <summary>The sections <c>credentials.rabbit</c> and <c>publish</c>: which broker, and what is sent to it.</summary>
internal static class DeliverySection
{
    private const int PortMax = 65535;
    private const int AmqpPort = 5672;
    private const int AmqpsPort = 5671;

    /// <summary>A body is in memory as often as the window is wide.</summary>
    private const int BatchSizeMax = 5000;
    private const int WindowMax = 4096;

    /// <summary>Ceilometer's own default (<c>ceilometer/publisher/utils.py</c>); its agent verifies no signature.</summary>
    private const string TelemetrySecret = "change this for valid signing";

    /// <summary>How the older program made its exchange and its queue: what is bound to it today was.</summary>
    private static readonly Durability OlderProgram = new(Exchange: false, Queue: true);

    /// <returns>Null where there is no broker: then samples live in the store.</returns>
    public static DeliveryOptions? Read(YamlSection rabbit, YamlSection publish, string folder, TimeProvider clock)
    {
        var formats = publish.List("format", ["consometer"]);
        var batchSize = publish.Number("batch_size", 1, BatchSizeMax, 0);
        var consometer = new Destination(
            rabbit.Text("exchange") ?? "swift_consometer", rabbit.Text("routing_key") ?? "metering", rabbit.Text("queue"), OlderProgram);
        var ceilometer = ReadCeilometer(publish);
        var secret = publish.Text("telemetry_secret") ?? TelemetrySecret;
        var window = publish.Number("window", 1, WindowMax, 128);
        var broker = rabbit.IsGiven ? ReadBroker(rabbit, window, folder) : null;

        var publications = new List<Publication>();
        foreach (var format in formats.Distinct())
        {
            if (format is not ("consometer" or "ceilometer"))
            {
                publish.Fault("format", "consometer, ceilometer, or a list of both", $"\"{format}\"");
                continue;
            }

            IMessageFormat messages = format == "consometer" ? new ConsometerFormat() : new CeilometerFormat(secret, clock);
            publications.Add(new Publication(messages, batchSize > 0 ? batchSize : messages.DefaultBatchSize, format == "consometer" ? consometer : ceilometer));
        }

        if (formats.Count == 0)
        {
            publish.Fault("format", "consometer, ceilometer, or a list of both", "none");
        }

        return broker is null ? null : new DeliveryOptions(broker, publications);
    }

    /// <summary>The agent's own exchange, and the queue that it and oslo.messaging's publishers make (<c>oslo_messaging/_drivers/impl_rabbit.py</c>).</summary>
    private static Destination ReadCeilometer(YamlSection publish)
    {
        var queue = (publish.Text("topic") ?? "notifications") + ".sample";
        var durability = publish.Choice("declare", 0, new Dictionary<string, int> { ["none"] = 0, ["transient"] = 1, ["durable"] = 2, ["quorum"] = 3 }) switch
        {
            1 => new Durability(Exchange: false, Queue: false),
            2 => new Durability(Exchange: true, Queue: true),
            3 => new Durability(Exchange: true, Queue: true, IsQuorum: true),
            _ => null,
        };
        return new Destination(publish.Text("control_exchange") ?? "ceilometer", queue, queue, durability);
    }

    private static BrokerOptions ReadBroker(YamlSection rabbit, int window, string folder)
    {
        var tls = ReadTls(rabbit, folder);
        var port = rabbit.Number("port", 1, PortMax, tls is null ? AmqpPort : AmqpsPort);
        var hosts = rabbit.List("host", []).SelectMany(hosts => hosts.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToArray();
        if (hosts.Length == 0)
        {
            rabbit.Fault("host", "the broker's host, or a list of its hosts", "none");
        }

        return new BrokerOptions
        {
            Hosts = [.. hosts.Select(host => ReadHost(rabbit, host, port))],
            User = rabbit.Required("user"),
            Password = rabbit.Required("password"),
            VirtualHost = rabbit.Text("vhost") is { Length: > 0 } name ? name : "/",
            Tls = tls,
            Heartbeat = rabbit.Span("heartbeat", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), TimeSpan.FromSeconds(30)),
            Window = window,
        };
    }

    /// <summary><c>name</c>, <c>name:port</c>, an IPv6 address as it is, or in brackets with a port.</summary>
    private static BrokerHost ReadHost(YamlSection rabbit, string text, int port)
    {
        var colon = text.LastIndexOf(':');
        var hasPort = colon > 0 && (text.IndexOf(':', StringComparison.Ordinal) == colon || text[colon - 1] == ']');
        var name = (hasPort ? text[..colon] : text).Trim('[', ']');
        if (hasPort && !(int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 1 and <= PortMax))
        {
            rabbit.Fault("host", "a host, or host:port", text.Contains('@', StringComparison.Ordinal) ? "one with a user in it" : $"\"{text}\"");
        }
        else if (Uri.CheckHostName(name) == UriHostNameType.Unknown)
        {
            rabbit.Fault("host", "a host, or host:port", text.Contains('@', StringComparison.Ordinal) ? "one with a user in it" : $"\"{text}\"");
        }

        return new BrokerHost(name, port);
    }

    private static TlsTrust? ReadTls(YamlSection rabbit, string folder)
    {
        string? File(string key) => rabbit.Text(key) is { } path ? ConfigurationFile.Under(folder, path) : null;
        var (isOn, authorities, certificate, key, isInsecure) = (rabbit.Flag("tls", false), File("cacert"), File("cert"), File("key"), rabbit.Flag("insecure", false));
        if (!isOn)
        {
            if (authorities is not null || certificate is not null || key is not null || isInsecure)
            {
                rabbit.Fault("tls", "true, since cacert, cert, key or insecure is set", "false");
            }

            return null;
        }

        try
        {
            return TlsTrust.Load(authorities, certificate, key, isInsecure);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            rabbit.Fault("tls", "certificates that can be read", e.Message.ReplaceLineEndings(" "));
            return null;
        }
    }
}
