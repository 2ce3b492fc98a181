using System.Text.Json;
using Consometer.Delivery.Publishing;
using Consometer.Metering.Tasks;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Consometer.Delivery.Tasks;

/// <summary>What was found of the broker that rounds are shared over.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Parts">The exchange, and each queue.</param>
/// <param name="Refused">The rights that this user lacks.</param>
public sealed record TaskFinding(BrokerVersion Version, IReadOnlyList<TaskPart> Parts, IReadOnlyList<RefusedRight> Refused);

/// <summary>The exchange, or one of the queues.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsQueue">Whether it is a queue.</param>
/// <param name="IsThere">Whether it is there.</param>
/// <param name="Fault">What is otherwise with it than it should be, in the broker's words; null if nothing is, or if this user may not know.</param>
public sealed record TaskPart(string Name, bool IsQueue, bool IsThere, string? Fault);

/// <summary>A right that a user has not.</summary>
/// <param name="Right"><c>configure</c>, <c>write</c> or <c>read</c>; <c>bind</c>, which is the latter two, of the queue and of the exchange.</param>
/// <param name="Words">The broker's words.</param>
public sealed record RefusedRight(string Right, string Words);

/// <summary>A look at what rounds are shared over, that makes nothing there, delivers nothing and takes nothing away.</summary>
public static class TaskInspection
{
    private static readonly string[] RightsInOrder = ["configure", "write", "read", "bind"];

    private const int AccessRefused = 403;
    private const int NotFound = 404;
    private const int ResourceLocked = 405;
    private const int PreconditionFailed = 406;

    /// <summary>Looks at exchange, queues and rights over one connection.</summary>
    /// <exception cref="BrokerException">No host answers, or the broker refuses.</exception>
    public static Task<TaskFinding> LookAsync(BrokerOptions broker, TaskQueues queues, CancellationToken stopping) =>
        OnConnectionAsync(broker, "a look at the queues that rounds are shared over", async connection =>
        {
            var parts = new List<TaskPart> { await FindExchangeAsync(connection, queues.Exchange, stopping) };
            foreach (var queue in queues.All)
            {
                parts.Add(await FindQueueAsync(connection, queue, stopping));
            }

            return new TaskFinding(BrokerVersion.Of(connection), parts, await TryRightsAsync(connection, queues, stopping));
        }, stopping);

    /// <summary>How the last shared round ended. The message stays where it is.</summary>
    /// <returns>Null if there is none, or somebody else looks at it at this very moment.</returns>
    /// <exception cref="BrokerException">No host answers, or the broker refuses, or what is there is of another version.</exception>
    public static Task<RoundEnded?> PeekLastAsync(BrokerOptions broker, TaskQueues queues, CancellationToken stopping) =>
        OnConnectionAsync(broker, $"how the last round ended, from queue {queues.Last.Name}", async connection =>
        {
            try
            {
                return await Inbox.PeekAsync(await connection.CreateChannelAsync(cancellationToken: stopping), queues.Last.Name, stopping) is { } last
                    ? RoundEnded.FromJson(last.Body)
                    : null;
            }
            catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == NotFound)
            {
                return null;
            }
            catch (JsonException e)
            {
                throw new BrokerException(broker, $"how the last round ended, from queue {queues.Last.Name}", "what this version cannot read", e);
            }
        }, stopping);

    private static async Task<TaskPart> FindExchangeAsync(IConnection connection, string exchange, CancellationToken stopping)
    {
        var isThere = await AnswerAsync(connection, channel => channel.ExchangeDeclarePassiveAsync(exchange, stopping), stopping) is null;
        var answer = isThere ? await AnswerAsync(connection, channel => channel.ExchangeDeclareAsync(exchange, ExchangeType.Direct, durable: true, cancellationToken: stopping), stopping) : null;
        return new TaskPart(exchange, IsQueue: false, isThere, FaultOf(answer));
    }

    /// <summary>
    /// Whether a queue is as it should be only a declaration tells that would make it if it were not there: so that is tried on what is.
    /// It may have been made when the broker was an older one, or since: both will do.
    /// </summary>
    private static async Task<TaskPart> FindQueueAsync(IConnection connection, QueueTerms queue, CancellationToken stopping)
    {
        if (await AnswerAsync(connection, channel => channel.QueueDeclarePassiveAsync(queue.Name, stopping), stopping) is { ReplyCode: NotFound })
        {
            return new TaskPart(queue.Name, IsQueue: true, IsThere: false, null);
        }

        var answer = await DeclareAsync(queue.Arguments.Concat(queue.NewerArguments));
        if (answer?.ReplyCode == PreconditionFailed && queue.NewerArguments.Count > 0)
        {
            answer = await DeclareAsync(queue.Arguments);
        }

        return new TaskPart(queue.Name, IsQueue: true, IsThere: true, FaultOf(answer));

        Task<Answer?> DeclareAsync(IEnumerable<KeyValuePair<string, object?>> arguments) => AnswerAsync(
            connection,
            channel => channel.QueueDeclareAsync(queue.Name, durable: true, exclusive: false, autoDelete: false, arguments.ToDictionary(), cancellationToken: stopping),
            stopping);
    }

    /// <summary>
    /// Rights are looked at before the thing itself is looked for: so all but the right to publish are tried on a queue that nobody has, of a name
    /// as a daemon's own, and that is found missing. Publishing is tried last (<see cref="BrokerTopology.RefusalToPublishAsync"/>).
    /// </summary>
    private static async Task<IReadOnlyList<RefusedRight>> TryRightsAsync(IConnection connection, TaskQueues queues, CancellationToken stopping)
    {
        var nobodys = queues.NameOfOwn(Guid.NewGuid());
        (string Right, Func<IChannel, Task> Try)[] trials =
        [
            ("configure", channel => channel.QueueDeleteAsync(nobodys, ifUnused: false, ifEmpty: false, cancellationToken: stopping)),
            ("read", channel => channel.BasicGetAsync(nobodys, autoAck: false, stopping)),

            // Which takes the right to write to the queue, and to read from the exchange.
            ("bind", channel => channel.QueueBindAsync(nobodys, queues.Exchange, TaskQueues.EndedKey, cancellationToken: stopping)),
        ];
        var refused = new List<RefusedRight>();
        foreach (var (right, tryIt) in trials)
        {
            if (await AnswerAsync(connection, tryIt, stopping) is { ReplyCode: AccessRefused, Words: var words })
            {
                refused.Add(new RefusedRight(right, words));
            }
        }

        if (await BrokerTopology.RefusalToPublishAsync(connection, queues.Exchange, TaskQueues.EndedKey, stopping) is { } refusal)
        {
            refused.Add(new RefusedRight("write", refusal));
        }

        return [.. refused.OrderBy(right => Array.IndexOf(RightsInOrder, right.Right))];
    }

    private static string? FaultOf(Answer? answer) => answer is { ReplyCode: PreconditionFailed or ResourceLocked } ? answer.Words : null;

    /// <returns>Null if it was done; else why not. RabbitMQ closes the channel then, so each has one of its own.</returns>
    private static async Task<Answer?> AnswerAsync(IConnection connection, Func<IChannel, Task> work, CancellationToken stopping)
    {
        try
        {
            await using var channel = await connection.CreateChannelAsync(cancellationToken: stopping);
            await work(channel);
            return null;
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode is AccessRefused or NotFound or ResourceLocked or PreconditionFailed)
        {
            return new Answer(e.ShutdownReason.ReplyCode, BrokerFailure.Describe(e.ShutdownReason));
        }
    }

    private static async Task<T> OnConnectionAsync<T>(BrokerOptions broker, string wanted, Func<IConnection, Task<T>> look, CancellationToken stopping)
    {
        var connection = await BrokerLink.ConnectAsync(broker, stopping);
        try
        {
            return await look(connection);
        }
        catch (Exception e) when (e is not BrokerException && BrokerFailure.Describe(e, stopping) is { } found)
        {
            throw new BrokerException(broker, wanted, found, e);
        }
        finally
        {
            await BrokerLink.CloseAsync(connection);
        }
    }

    private sealed record Answer(int ReplyCode, string Words);
}
