using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Consometer.Simulation;

/// <summary>
/// What is wrong with a simulated server. A fault sees new connections and every request; it may be exchanged while the cluster
/// runs, and connections that are already open feel the new one with their next request.
/// </summary>
public abstract record NodeFault
{
    private protected NodeFault()
    {
    }

    /// <summary>Nothing: it answers as it should.</summary>
    public static NodeFault None { get; } = new Healthy();

    /// <summary>It aborts connections, new ones and open ones: a dead process behind a live port.</summary>
    public static NodeFault Refuses { get; } = new Refusal();

    /// <summary>It takes connections and requests and never answers: a lost machine behind a live network.</summary>
    public static NodeFault Hangs { get; } = new Silence();

    /// <summary>It answers every request with this status and no body, as an account-server in that trouble answers a HEAD.</summary>
    /// <param name="status">E.g. 404, 500, 507, 529.</param>
    public static NodeFault Status(int status) => new FixedStatus(status);

    /// <summary>It answers as it should, but late by the cluster's clock.</summary>
    public static NodeFault Slow(TimeSpan delay) => new Lateness(delay);

    /// <summary>It has this fault towards one client only, told by its <c>User-Agent</c>: something between them is broken.</summary>
    public static NodeFault Towards(string client, NodeFault fault) => new OneSided(client, fault);

    /// <summary>Each request has a fault of its own, or none; connections have none.</summary>
    /// <param name="faultOf">Given the number of the request since the fault was set, from 1, its fault. It may do something to the cluster too.</param>
    public static NodeFault Scripted(Func<int, NodeFault> faultOf) => new Script(faultOf);

    internal virtual Task MeetAsync(ConnectionContext connection, ConnectionDelegate next) => next(connection);

    /// <param name="context">The request, and the answer to fill.</param>
    /// <param name="healthy">How the server would answer without the fault.</param>
    /// <param name="clock">What delays are measured by.</param>
    /// <param name="closing">Cancelled when the server goes down.</param>
    internal abstract Task AnswerAsync(HttpContext context, RequestDelegate healthy, TimeProvider clock, CancellationToken closing);

    private sealed record Healthy : NodeFault
    {
        internal override Task AnswerAsync(HttpContext context, RequestDelegate healthy, TimeProvider clock, CancellationToken closing) =>
            healthy(context);
    }

    private sealed record Refusal : NodeFault
    {
        internal override Task MeetAsync(ConnectionContext connection, ConnectionDelegate next)
        {
            connection.Abort();
            return Task.CompletedTask;
        }

        internal override Task AnswerAsync(HttpContext context, RequestDelegate healthy, TimeProvider clock, CancellationToken closing)
        {
            context.Abort();
            return Task.CompletedTask;
        }
    }

    private sealed record Silence : NodeFault
    {
        internal override async Task AnswerAsync(
            HttpContext context, RequestDelegate healthy, TimeProvider clock, CancellationToken closing)
        {
            await WaitAsync(Timeout.InfiniteTimeSpan, context, clock, closing);
            context.Abort();
        }
    }

    private sealed record FixedStatus(int Code) : NodeFault
    {
        internal override Task AnswerAsync(HttpContext context, RequestDelegate healthy, TimeProvider clock, CancellationToken closing)
        {
            AccountAnswers.Plain(context, Code);
            return Task.CompletedTask;
        }
    }

    private sealed record OneSided(string Client, NodeFault Fault) : NodeFault
    {
        internal override Task AnswerAsync(HttpContext context, RequestDelegate healthy, TimeProvider clock, CancellationToken closing) =>
            context.Request.Headers.UserAgent == Client ? Fault.AnswerAsync(context, healthy, clock, closing) : healthy(context);
    }

    private sealed record Script(Func<int, NodeFault> FaultOf) : NodeFault
    {
        private int _requests;

        internal override Task AnswerAsync(HttpContext context, RequestDelegate healthy, TimeProvider clock, CancellationToken closing) =>
            FaultOf(Interlocked.Increment(ref _requests)).AnswerAsync(context, healthy, clock, closing);
    }

    private sealed record Lateness(TimeSpan Delay) : NodeFault
    {
        internal override async Task AnswerAsync(
            HttpContext context, RequestDelegate healthy, TimeProvider clock, CancellationToken closing)
        {
            if (await WaitAsync(Delay, context, clock, closing))
            {
                await healthy(context);
            }
            else
            {
                context.Abort();
            }
        }
    }

    /// <returns>False if the client or the server went away before the time was over.</returns>
    private static async Task<bool> WaitAsync(TimeSpan time, HttpContext context, TimeProvider clock, CancellationToken closing)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, closing);
        try
        {
            await Task.Delay(time, clock, either.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
