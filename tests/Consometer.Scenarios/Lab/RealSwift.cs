using System.Globalization;
using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Lab;

/// <summary>The lab of tests/lab, up and with 600 measured accounts in it. Left as it was found: running, or down.</summary>
public sealed class RealSwift : IAsyncLifetime
{
    private const int KeystonePort = 5000;
    private const string Accounts = "600";
    private const string Seed = "1";

    private bool _wasUp;
    private string? _skipReason;
    private string? _failure;

    /// <summary>Where its state is, as its scripts find it.</summary>
    internal static string Folder { get; } = Environment.GetEnvironmentVariable("LAB") is { Length: > 0 } named
        ? named
        : Path.Combine(Environment.GetEnvironmentVariable("TMPDIR") is { Length: > 0 } temporary ? temporary : "/tmp", "consometer-lab");

    /// <summary>What every account holds.</summary>
    internal IReadOnlyList<AccountTruth> Truth { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        _wasUp = await Ports.ListensAsync(KeystonePort);
        if (await TryAsync("up") && await TryAsync("populate", Accounts, Seed))
        {
            Truth = AccountTruth.ReadAll();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_wasUp && _skipReason is null)
        {
            await Programs.LabAsync("down");
        }
    }

    /// <summary>Skips the test where the lab cannot run; fails it where the lab should have.</summary>
    internal void Require()
    {
        Assert.SkipWhen(_skipReason is not null, _skipReason ?? "");
        Assert.True(_failure is null, _failure);
        Assert.Contains(Truth, account => account.Kind == AccountKind.Measured);
        Assert.Contains(Truth, account => account.Kind == AccountKind.Absent);
        Assert.Contains(Truth, account => account.Kind == AccountKind.Deleted);
    }

    /// <summary>The accounts that tests take for granted.</summary>
    internal static async Task PopulateAsync() => (await Programs.LabAsync("populate", Accounts, Seed)).Succeeded();

    /// <summary>Starts what else the lab has beside account-servers and Keystone: the proxy, and what is behind it.</summary>
    internal static async Task StartProxyAsync() =>
        (await Programs.OtherAsync(Repository.LabScript("up"), [], environment: new Dictionary<string, string> { ["LAB_PARTS"] = "all" })).Succeeded();

    /// <summary>Kills the account-server of a node, until disposed.</summary>
    internal static Task<Outage> StopNodeAsync(int node) => HarmNodeAsync(node, "stop", "start");

    /// <summary>Hangs the account-server of a node, until disposed: its port accepts, and nothing comes back.</summary>
    internal static Task<Outage> FreezeNodeAsync(int node) => HarmNodeAsync(node, "freeze", "thaw");

    /// <summary>Makes a node sick, until disposed.</summary>
    internal static async Task<IAsyncDisposable> HarmNodeAsync(int node, Sickness sickness) => sickness switch
    {
        Sickness.Stopped => await StopNodeAsync(node),
        Sickness.Frozen => await FreezeNodeAsync(node),
        _ => await Impostor.BeginAsync(node, sickness),
    };

    private async Task<bool> TryAsync(string script, params string[] arguments)
    {
        var run = await Programs.LabAsync(script, arguments);
        var said = string.Create(CultureInfo.InvariantCulture, $"tests/lab/{script} ended with {run.ExitCode}: {run.Errors.Trim()}");
        _skipReason = run.ExitCode == ProgramRun.CannotRunHere ? said : null;
        _failure = run.ExitCode is 0 or ProgramRun.CannotRunHere ? null : said;
        return run.ExitCode == 0;
    }

    private static Task<Outage> HarmNodeAsync(int node, string harm, string mend)
    {
        var number = node.ToString(CultureInfo.InvariantCulture);
        return Outage.BeginAsync("node", [harm, number], [mend, number]);
    }
}
