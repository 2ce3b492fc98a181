using Consometer.Configuration;
using Consometer.Delivery.Publishing;

namespace Consometer.Checks;

/// <summary>Whether the broker can be spoken to, and whether each format's messages would be taken there. Nothing is made, and no message sent.</summary>
internal static class BrokerCheck
{
    public const string Name = "broker";

    /// <returns>A line for the connection, one for each host that is gone, and one for each format.</returns>
    public static async Task<IReadOnlyList<CheckResult>> RunAsync(ConsometerOptions options, CancellationToken stopping)
    {
        if (options.Delivery is not { } delivery)
        {
            return [CheckResult.Ok(Name, "", "none is configured: samples stay in the store")];
        }

        var broker = delivery.Broker;
        var failures = await BrokerInspection.TryHostsAsync(broker, stopping);
        if (failures.All(failure => failure is not null))
        {
            return [.. failures.Zip(broker.Hosts, (failure, host) => Fail(host.ToString(), failure!, "is it running, and are user, password, vhost and tls of credentials.rabbit its own?"))];
        }

        var gone = failures.Zip(broker.Hosts).Where(pair => pair.First is not null).Select(pair => CheckResult.Warn(Name, pair.Second.ToString(), pair.First!, "is it running? the other hosts do without it"));
        try
        {
            var findings = await BrokerInspection.LookAsync(broker, [.. delivery.Publications.Select(publication => publication.Destination)], stopping);
            return [Connection(broker), .. gone, .. delivery.Publications.Zip(findings, (publication, finding) => Judge(broker, publication, finding))];
        }
        catch (BrokerException e)
        {
            return [.. gone, Fail(broker.ToString(), e.Message, $"is vhost {broker.VirtualHost} there, and may user {broker.User} use it? rabbitmqctl list_permissions -p {broker.VirtualHost}")];
        }
    }

    private static CheckResult Connection(BrokerOptions broker) => broker.Tls switch
    {
        null => CheckResult.Ok(Name, broker.ToString(), "connected, without TLS"),
        { IsInsecure: true } => CheckResult.Warn(Name, broker.ToString(), "connected with TLS, whoever it is: any certificate will do", "credentials.rabbit.cacert in place of insecure"),
        _ => CheckResult.Ok(Name, broker.ToString(), "connected with TLS"),
    };

    private static CheckResult Judge(BrokerOptions broker, Publication publication, DestinationFinding finding)
    {
        var destination = publication.Destination;
        var lookedAt = $"{publication.Format.Name}: {destination}";
        var missing = string.Join(", ", finding.Missing);
        return finding switch
        {
            { Refusal: { } refusal } => Fail(
                lookedAt, refusal, $"rabbitmqctl set_permissions -p {broker.VirtualHost} {broker.User} CONFIGURE WRITE READ, with a WRITE that matches {destination.Exchange}"),
            { Missing.Count: 0 } => CheckResult.Ok(Name, lookedAt, $"there{(destination.Queue is { } queue ? $", with queue {queue}" : "")}; this user may publish"),

            // Configuring cannot be tried without a trace.
            _ when destination.Durability is not null => CheckResult.Warn(
                Name, lookedAt, $"this user may publish; not there yet: {missing}, to be made before the first message",
                $"user {broker.User} needs the right to: rabbitmqctl list_permissions -p {broker.VirtualHost} must have a CONFIGURE that matches"),
            { Missing: [var first, ..] } when first.StartsWith("queue", StringComparison.Ordinal) => CheckResult.Warn(
                Name, lookedAt, $"no {missing}: what no queue is bound for comes back, and waits", "start its consumer, which makes it, or set publish.declare"),
            _ => Fail(lookedAt, $"no {missing}", "start its consumer, which makes it, or set publish.declare"),
        };
    }

    private static CheckResult Fail(string lookedAt, string found, string remedy) => CheckResult.Fail(Name, lookedAt, found, remedy, ExitCode.Service);
}
