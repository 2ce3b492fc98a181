using System.Globalization;
using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Lab;

/// <summary>A node of the lab that is out of order until this is disposed.</summary>
internal sealed class NodeOutage : IAsyncDisposable
{
    private readonly string _node;
    private readonly string _mend;

    private NodeOutage(string node, string mend)
    {
        _node = node;
        _mend = mend;
    }

    public static async Task<NodeOutage> BeginAsync(int node, string harm, string mend)
    {
        var number = node.ToString(CultureInfo.InvariantCulture);
        (await Programs.LabAsync("node", harm, number)).Succeeded();
        return new NodeOutage(number, mend);
    }

    public async ValueTask DisposeAsync() => (await Programs.LabAsync("node", _mend, _node)).Succeeded();
}
