using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Lab;

/// <summary>A part of the lab that is out of order until this is disposed.</summary>
internal sealed class Outage : IAsyncDisposable
{
    private readonly string _script;
    private readonly string[] _mend;

    private Outage(string script, string[] mend)
    {
        _script = script;
        _mend = mend;
    }

    /// <param name="script">The lab's script for both.</param>
    /// <param name="harm">Its arguments that break the part.</param>
    /// <param name="mend">Its arguments that make it whole again.</param>
    public static async Task<Outage> BeginAsync(string script, string[] harm, string[] mend)
    {
        (await Programs.LabAsync(script, harm)).Succeeded();
        return new Outage(script, mend);
    }

    public async ValueTask DisposeAsync() => (await Programs.LabAsync(_script, _mend)).Succeeded();
}
