using System.Globalization;
using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Lab;

/// <summary>The lab with more accounts than it has for other tests, until disposed.</summary>
internal sealed class LargerLab : IAsyncDisposable
{
    private LargerLab(AccountTruth[] truth) => Truth = truth;

    public AccountTruth[] Truth { get; }

    public static async Task<LargerLab> PopulateAsync(int accounts)
    {
        (await Programs.LabAsync("populate", accounts.ToString(CultureInfo.InvariantCulture), "2")).Succeeded();
        return new LargerLab(AccountTruth.ReadAll());
    }

    public async ValueTask DisposeAsync() => await RealSwift.PopulateAsync();
}
