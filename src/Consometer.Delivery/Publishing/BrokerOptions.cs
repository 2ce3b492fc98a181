using Consometer.Swift;

namespace Consometer.Delivery.Publishing;

/// <summary>Where the broker is, and as whom to speak to it.</summary>
public sealed record BrokerOptions
{
    /// <summary>At least one host of the cluster; any of them will do.</summary>
    public required IReadOnlyList<BrokerHost> Hosts { get; init; }

    public required string User { get; init; }

    /// <summary>Never printed.</summary>
    public required string Password { get; init; }

    public required string VirtualHost { get; init; }

    /// <summary>Null for a connection without TLS.</summary>
    public required TlsTrust? Tls { get; init; }

    /// <summary>A connection that is silent for twice as long is taken for lost.</summary>
    public required TimeSpan Heartbeat { get; init; }

    /// <summary>Messages sent and not confirmed yet, at most, in each format: with their bodies, what delivery takes of memory.</summary>
    public required int Window { get; init; }

    /// <summary>Without the password.</summary>
    public override string ToString() => $"broker {string.Join(", ", Hosts)}, vhost {VirtualHost}, user {User}";
}

/// <summary>One host of the broker.</summary>
public sealed record BrokerHost(string Name, int Port)
{
    public override string ToString() => Name.Contains(':', StringComparison.Ordinal) ? $"[{Name}]:{Port}" : $"{Name}:{Port}";
}
