using Consometer.Configuration;
using Consometer.Metering.Requests.Sources;

namespace Consometer.Daemon;

/// <summary>
/// Where datagrams of access logs come in. It outlives a daemon that gives way to another, so that none is lost meanwhile: they wait until
/// somebody reads on.
/// </summary>
/// <param name="clock">What is waited by.</param>
internal sealed class LogDesk(TimeProvider clock) : IDisposable
{
    private readonly Dictionary<DatagramAddress, DatagramSource> _open = [];

    /// <summary>Whoever reads now.</summary>
    private volatile Action<LogSourceNews>? _tell;

    /// <summary>Listens there, if it does not already.</summary>
    /// <exception cref="ConfigurationException">It cannot be listened to.</exception>
    public void Listen(DatagramAddress? address)
    {
        if (address is null || _open.ContainsKey(address))
        {
            return;
        }

        try
        {
            _open.Add(address, address.Udp is { } udp ? DatagramSource.Listen(udp, Tell, clock) : DatagramSource.Listen(address.Path!, Tell, clock));
        }
        catch (LogSourceException e)
        {
            throw new ConfigurationException($"requests.listen: {e.Message}");
        }
    }

    /// <summary>The log of a configuration. What is listened to stays the desk's; a file is the caller's.</summary>
    /// <param name="requests">The log.</param>
    /// <param name="from">How far it was read.</param>
    /// <param name="since">Since when, where nothing was read of it yet.</param>
    /// <param name="tell">Told what happens to it.</param>
    public ILogSource Open(RequestsOptions requests, LogPosition? from, DateTimeOffset since, Action<LogSourceNews> tell)
    {
        _tell = tell;
        return requests.Listen is { } address ? _open[address] : new FileSource(requests.FilePath!, from, tell, clock, since);
    }

    /// <summary>Listens nowhere else.</summary>
    public void Keep(DatagramAddress? address)
    {
        foreach (var (other, source) in _open.Where(open => open.Key != address).ToArray())
        {
            _open.Remove(other);
            source.Dispose();
        }
    }

    public void Dispose() => Keep(null);

    private void Tell(LogSourceNews news) => _tell?.Invoke(news);
}
