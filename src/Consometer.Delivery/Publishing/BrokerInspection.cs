namespace Consometer.Delivery.Publishing;

/// <summary>What was found of a destination.</summary>
/// <param name="Missing">What is not there of exchange and queue, in words.</param>
/// <param name="Refusal">Why this user may not publish there; null if it may.</param>
public sealed record DestinationFinding(IReadOnlyList<string> Missing, string? Refusal);

/// <summary>A look at the broker that makes nothing there and delivers nothing.</summary>
public static class BrokerInspection
{
    /// <summary>Connects to each host of the broker by itself: a connection for delivery is one to any of them, and hides that another is gone.</summary>
    /// <returns>For each host, in order, why it cannot be spoken to; null where it can.</returns>
    public static async Task<IReadOnlyList<string?>> TryHostsAsync(BrokerOptions broker, CancellationToken stopping) =>
        await Task.WhenAll(broker.Hosts.Select(async host =>
        {
            try
            {
                await BrokerLink.CloseAsync(await BrokerLink.ConnectAsync(broker with { Hosts = [host] }, stopping));
                return null;
            }
            catch (BrokerException e)
            {
                return e.Message;
            }
        }));

    /// <summary>Looks at destinations, over a connection for each: one on which the broker refuses something may be closed by it.</summary>
    /// <returns>In order, what was found of each.</returns>
    /// <exception cref="BrokerException">No host answers, or the broker refuses.</exception>
    public static async Task<IReadOnlyList<DestinationFinding>> LookAsync(BrokerOptions broker, IReadOnlyList<Destination> destinations, CancellationToken stopping)
    {
        var findings = new List<DestinationFinding>();
        foreach (var destination in destinations)
        {
            findings.Add(await LookAsync(broker, destination, stopping));
        }

        return findings;
    }

    private static async Task<DestinationFinding> LookAsync(BrokerOptions broker, Destination destination, CancellationToken stopping)
    {
        var connection = await BrokerLink.ConnectAsync(broker, stopping);
        try
        {
            return await BrokerTopology.InspectAsync(connection, destination, stopping);
        }
        catch (Exception e) when (BrokerFailure.Describe(e, stopping) is { } found)
        {
            throw new BrokerException(broker, "a channel", found, e);
        }
        finally
        {
            await BrokerLink.CloseAsync(connection);
        }
    }
}
