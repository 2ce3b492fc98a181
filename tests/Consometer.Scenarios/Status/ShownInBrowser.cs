using Consometer.Scenarios.Running;
using Microsoft.Playwright;

namespace Consometer.Scenarios.Status;

/// <summary>A daemon to show, and Debian's Chromium to show it in; for all tests of a class.</summary>
public sealed class ShownInBrowser : IAsyncLifetime
{
    private string? _cannotRun;
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private ShownDaemon? _daemon;

    internal ShownDaemon Daemon => _daemon!;

    /// <summary>Skips the test where the browser cannot be installed.</summary>
    public void Require() => Assert.SkipWhen(_cannotRun is not null, _cannotRun ?? "");

    /// <summary>An empty page that remembers nothing of others.</summary>
    public async Task<IPage> NewPageAsync(BrowserNewContextOptions options) => await (await _browser!.NewContextAsync(options)).NewPageAsync();

    public async ValueTask InitializeAsync()
    {
        var installed = await Programs.LabAsync("install", "browser");
        if (installed.ExitCode == ProgramRun.CannotRunHere)
        {
            _cannotRun = installed.Errors;
            return;
        }

        installed.Succeeded();
        _daemon = await ShownDaemon.StartAsync();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox"] });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }
    }
}
