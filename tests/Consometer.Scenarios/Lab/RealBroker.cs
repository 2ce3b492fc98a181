using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Lab;

/// <summary>A user of the lab's broker.</summary>
internal sealed record BrokerUser(string Name, string Password);

/// <summary>The lab's RabbitMQ. The first test that needs it starts it; then it is left as it was found: running, or down.</summary>
public sealed class RealBroker : IAsyncDisposable
{
    internal const int Port = 5673;

    /// <summary>With TLS, for clients with a certificate. The broker's own is for <c>localhost</c>, and no other name.</summary>
    internal const int TlsPort = 5674;

    private bool _wasUp;
    private ProgramRun? _up;

    internal static BrokerUser Admin { get; } = new("admin", "adminpass");

    /// <summary>May write to the exchange <c>ceilometer</c>, and nothing else.</summary>
    internal static BrokerUser Writer { get; } = new("consometer", "secret");

    /// <summary>Skips the test where the broker cannot run; fails it where the broker should have.</summary>
    internal async Task RequireAsync()
    {
        if (_up is null)
        {
            _wasUp = await Ports.ListensAsync(Port);
            _up = await Programs.LabAsync("rabbit", "up");
        }

        Assert.SkipWhen(_up.ExitCode == ProgramRun.CannotRunHere, _up.Errors);
        _up.Succeeded();
    }

    public async ValueTask DisposeAsync()
    {
        if (_up is not null && !_wasUp && _up.ExitCode != ProgramRun.CannotRunHere)
        {
            await Programs.LabAsync("rabbit", "down");
        }
    }

    /// <summary>
    /// A file for TLS: <c>ca.pem</c>, the broker's authority, of which are <c>client.pem</c> and <c>.key</c>; <c>stranger-ca.pem</c>,
    /// which the broker does not trust, of which are <c>stranger.pem</c> and <c>.key</c>.
    /// </summary>
    internal static string TlsFile(string name) => Path.Combine(RealSwift.Folder, "rabbit/tls", name);

    /// <summary>Stops the broker in good order, until disposed. What was durable is there again then.</summary>
    internal static Task<Outage> StopAsync() => Outage.BeginAsync("rabbit", ["stop"], ["start"]);

    /// <summary>Kills the broker, until disposed. What it had confirmed of what is durable is there again then.</summary>
    internal static Task<Outage> KillAsync() => Outage.BeginAsync("rabbit", ["kill"], ["start"]);

    /// <summary>Hangs the broker, until disposed: its ports accept, and nothing comes back.</summary>
    internal static Task<Outage> FreezeAsync() => Outage.BeginAsync("rabbit", ["freeze"], ["thaw"]);

    /// <summary>Raises the disk alarm, until disposed: whoever publishes is blocked, and gets no confirm.</summary>
    internal static Task<Outage> FillDiskAsync() => Outage.BeginAsync("rabbit", ["alarm", "on"], ["alarm", "off"]);

    /// <summary>Closes all connections, as an administrator may.</summary>
    internal static async Task CloseConnectionsAsync() => (await Programs.LabAsync("rabbit", "close")).Succeeded();
}
