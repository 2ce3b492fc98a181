using Consometer.Scenarios.Lab;

namespace Consometer.Scenarios;

/// <summary>A test on the lab with a broker, and a virtual host of its own in it.</summary>
public abstract class BrokerTest(RealSwift lab, RealBroker broker) : LabTest(lab), IAsyncLifetime
{
    private VirtualHost? _host;

    private protected VirtualHost Host => _host!;

    public async ValueTask InitializeAsync()
    {
        await broker.RequireAsync();
        _host = await VirtualHost.MakeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        Dispose();
        GC.SuppressFinalize(this);
    }
}
