using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Consometer.Daemon;

/// <summary>SIGHUP: the operator wants the configuration read again. However many come while one is seen to, there is one more.</summary>
internal sealed class Hangup : IDisposable
{
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly PosixSignalRegistration _registration;

    private Hangup() => _registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
    {
        signal.Cancel = true;
        _signals.Writer.TryWrite(true);
    });

    /// <summary>From now on the signal does not end the program.</summary>
    public static Hangup Catch() => new();

    /// <summary>The next one.</summary>
    public async Task NextAsync(CancellationToken stopping) => await _signals.Reader.ReadAsync(stopping);

    public void Dispose() => _registration.Dispose();
}
