using System.Globalization;
using Consometer.Scenarios.Running;
using Microsoft.Playwright;

namespace Consometer.Scenarios.Status;

/// <summary>The status page of the built program, in Debian's Chromium.</summary>
public sealed class StatusPageTests : IClassFixture<ShownInBrowser>
{
    private const int PhoneWidth = 360;

    private readonly List<string> _complaints = [];
    private readonly List<string> _requests = [];
    private readonly ShownInBrowser _shown;

    public StatusPageTests(ShownInBrowser shown)
    {
        shown.Require();
        _shown = shown;
    }

    private ShownDaemon Daemon => _shown.Daemon;

    [Fact]
    public async Task The_page_shows_what_is_in_the_store_and_names_are_text()
    {
        var page = await OpenAsync(new());

        Assert.Equal($"{Report("unknown")} accounts without a figure", await page.InnerTextAsync("#verdict h1"));
        string[] figures = [Report("measured"), Report("totals.bytes"), Waiting("samples")];
        Assert.Equal(figures, await ValuesAsync(page, ".figures data"));
        Assert.Equal(Largest("account"), await page.Locator("#largest tbody th").AllInnerTextsAsync());
        Assert.Equal(Largest("bytes"), await ValuesAsync(page, "#largest tbody td:nth-child(2) data"));
        Assert.Equal(
            Daemon.ReadAll<string>("SELECT account FROM not_measured WHERE round = 1 AND outcome = 'unknown' ORDER BY account"), await page.Locator("#unknown tbody th").AllTextContentsAsync());
        Assert.Equal(
            Daemon.ReadAll<long>("SELECT value ->> 'requests' FROM round, json_each(report, '$.nodes') WHERE round.id = 1 ORDER BY 1").Select(Text),
            (await ValuesAsync(page, "#nodes tbody td:nth-child(2) data")).OrderBy(text => long.Parse(text, CultureInfo.InvariantCulture)));
        Assert.Equal(
            Daemon.ReadAll<string>("SELECT format || ' ' || count(*) || ' ' || sum(samples) FROM outbox GROUP BY format ORDER BY format DESC"),
            await page.Locator("#delivery tbody tr").EvaluateAllAsync<string[]>("rows => rows.map(row => [row.cells[0].firstChild.data, ...[...row.querySelectorAll('data')].map(data => data.value)].join(' '))"));

        Assert.Contains(ShownDaemon.StoredNames, name => Largest("account").Contains($"AUTH_{name}"));
        Assert.Equal(0, await page.Locator("script, img, #largest b, #unknown i").CountAsync());
        Assert.DoesNotContain(ShownDaemon.Secret, await page.ContentAsync(), StringComparison.Ordinal);
        AssertQuiet();
    }

    [Fact]
    public async Task The_pictures_have_a_mark_for_every_round_and_can_be_told_without_eyes()
    {
        var page = await OpenAsync(new());

        var pictures = await page.Locator("svg[role=img]").AllAsync();
        Assert.Equal(4, pictures.Count);
        foreach (var picture in pictures)
        {
            var box = await picture.BoundingBoxAsync();
            Assert.True(box is { Width: > 250, Height: > 40 }, $"{box?.Width} x {box?.Height}");
            Assert.NotEmpty(await picture.Locator("title").First.InnerHTMLAsync());
        }

        var rounds = Daemon.RoundsOf(48);
        Assert.Equal(rounds.Length, await page.Locator("svg.shares g").CountAsync());
        Assert.Equal(rounds.Length, await page.Locator("svg.durations .duration").CountAsync());
        Assert.Equal(3, await page.Locator("svg.shares .lost").CountAsync());
        Assert.Equal(1, await page.Locator("svg.shares .failed").CountAsync());
        Assert.Equal(
            await page.Locator("#rounds tbody tr").CountAsync(), rounds.Length + await page.Locator("svg.shares .lost").CountAsync());
        AssertQuiet();
    }

    /// <summary>Three pictures of it for people, which a test cannot judge; and what of that a test can.</summary>
    [Theory]
    [InlineData("light", ColorScheme.Light, 1200)]
    [InlineData("dark", ColorScheme.Dark, 1200)]
    [InlineData("phone", ColorScheme.Light, PhoneWidth)]
    [InlineData("phone-dark", ColorScheme.Dark, PhoneWidth)]
    public async Task In_every_light_and_width_it_can_be_read(string name, ColorScheme scheme, int width)
    {
        var page = await OpenAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 900 }, DeviceScaleFactor = 2 });

        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Empty(await page.EvaluateAsync<string[]>(Contrast.Script));
        await page.ScreenshotAsync(new() { Path = Path.Combine(Repository.Root, "artifacts", "screenshots", $"status-{name}.png"), FullPage = true });
        AssertQuiet();
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static async Task<string[]> ValuesAsync(IPage page, string selector) => await page.Locator(selector).EvaluateAllAsync<string[]>("all => all.map(data => data.value)");

    private string Report(string path) => Text(Daemon.Read<long>($"SELECT report ->> '$.{path}' FROM round WHERE id = 1"));

    private string Waiting(string column) => Text(Daemon.Read<long>($"SELECT sum({column}) FROM outbox"));

    private string[] Largest(string key) => Daemon.ReadAll<string>($"SELECT CAST(value ->> '{key}' AS TEXT) FROM round, json_each(report, '$.largest') WHERE round.id = 1");

    private async Task<IPage> OpenAsync(BrowserNewContextOptions options)
    {
        var page = await _shown.NewPageAsync(options);
        page.Console += (_, message) => _complaints.Add($"{message.Type}: {message.Text}");
        page.PageError += (_, error) => _complaints.Add(error);
        page.Dialog += (_, dialog) => _complaints.Add(dialog.Message);
        page.RequestFailed += (_, request) => _complaints.Add($"failed: {request.Url}");
        page.Request += (_, request) => _requests.Add(request.Url);
        var answer = await page.GotoAsync(Daemon.Page.ToString(), new() { WaitUntil = WaitUntilState.NetworkIdle });
        Assert.Equal(200, answer!.Status);
        return page;
    }

    /// <summary>The browser had nothing to complain of, and asked for nothing but the page.</summary>
    private void AssertQuiet()
    {
        Assert.Empty(_complaints);
        Assert.All(_requests, url => Assert.True(url == Daemon.Page.ToString() || url.StartsWith("data:", StringComparison.Ordinal), url));
    }
}
