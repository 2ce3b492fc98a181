using System.Text.Json;
using Consometer.Daemon;
using Consometer.Status.Page;
using Microsoft.AspNetCore.Http;

namespace Consometer.Status;

/// <summary>What a daemon shows at its status address.</summary>
/// <param name="board">What it knows of itself.</param>
/// <param name="metrics">Answers for <see cref="StatusPaths.Metrics"/>; null where there are none.</param>
internal sealed class StatusSite(StatusBoard board, RequestDelegate? metrics = null)
{
    private static readonly string Version = JsonSerializer.Serialize(new { program = "consometer", version = ProgramVersion.Text }) + "\n";

    /// <summary>One page is made at a time: the reports of a thousand servers take a second to read, and others should find them read.</summary>
    private static readonly SemaphoreSlim Turn = new(1);

    /// <summary>What was read last of the rounds in the store; read again when one has ended.</summary>
    private RoundsSeen? _seen;

    public Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD";
            return Answers.TextAsync(context, StatusCodes.Status405MethodNotAllowed, "wanted GET or HEAD");
        }

        Answers.Protect(context);
        return request.Path.Value switch
        {
            StatusPaths.Page => PageAsync(context),
            StatusPaths.Metrics when metrics is not null => metrics(context),
            StatusPaths.Health => HealthAsync(context),
            StatusPaths.Ready => VerdictAsync(context, [.. Readiness.Missing(board)]),
            StatusPaths.Version => Answers.SendAsync(context, StatusCodes.Status200OK, Answers.Json, Version),
            _ => Answers.TextAsync(context, StatusCodes.Status404NotFound, "not found"),
        };
    }

    private async Task PageAsync(HttpContext context)
    {
        await Turn.WaitAsync(context.RequestAborted);
        string page;
        try
        {
            var view = StatusView.Read(board, _seen);
            _seen = view.Rounds;
            page = StatusPage.Of(view).ToString();
        }
        finally
        {
            Turn.Release();
        }

        Answers.Protect(context, PageStyle.ContentSecurityPolicy);

        // The browser asks again by itself: the page has no script. Who reads a part that is folded out wants it to stay.
        if (!context.Request.Query.ContainsKey(StatusPage.Still))
        {
            context.Response.Headers["Refresh"] = "60";
        }

        await Answers.SendAsync(context, StatusCodes.Status200OK, Answers.Html, page);
    }

    private Task HealthAsync(HttpContext context) => VerdictAsync(
        context,
        [
            .. board.Options.HasRounds && board.Heartbeat.Overdue is { } rounds ? [$"the loop of rounds has not moved for {Shown.Span(rounds)} longer than any step of it takes"] : Array.Empty<string>(),
            .. board.Requests?.Heartbeat.Overdue is { } requests ? [$"the loop of requests has not moved for {Shown.Span(requests)} longer than any step of it takes"] : Array.Empty<string>(),
        ]);

    private static Task VerdictAsync(HttpContext context, string[] faults) => faults.Length == 0
        ? Answers.TextAsync(context, StatusCodes.Status200OK, "ok")
        : Answers.TextAsync(context, StatusCodes.Status503ServiceUnavailable, faults);
}
