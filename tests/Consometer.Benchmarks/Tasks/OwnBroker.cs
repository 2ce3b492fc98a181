using System.Globalization;
using Consometer.Scenarios.Running;
using RabbitMQ.Client;

namespace Consometer.Benchmarks.Tasks;

/// <summary>
/// A RabbitMQ of the benchmark's own, beside the lab's and one of the host: its memory is that of what is measured. Gone when it is disposed, with all
/// it had.
/// </summary>
internal sealed class OwnBroker : IAsyncDisposable
{
    private const int Port = 5693;
    private const string User = "admin";
    private const string Password = "adminpass";
    private const string SamplesExchange = "samples";

    /// <summary>Samples go nowhere else, and must not fill the broker: of what comes the newest are kept.</summary>
    private const int SamplesMax = 100;

    private const int AttemptsMax = 5;

    private static readonly TimeSpan UpDeadline = TimeSpan.FromMinutes(15);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("consometer-broker-");

    private OwnBroker()
    {
    }

    /// <summary>Starts it.</summary>
    /// <returns>Null where it cannot run, which is told.</returns>
    public static async Task<OwnBroker?> StartAsync(string benchmark)
    {
        var broker = new OwnBroker();
        var up = await broker.DoAsync("up");
        if (up.ExitCode == ProgramRun.CannotRunHere)
        {
            Console.WriteLine($"{benchmark}: not run: {up.Errors.Trim()}");
            await broker.DisposeAsync();
            return null;
        }

        up.Succeeded();
        return broker;
    }

    /// <summary>Makes a virtual host with an exchange for samples, and a queue that takes and drops them.</summary>
    /// <returns>What a daemon's <c>credentials.rabbit</c> needs, to be there.</returns>
    public async Task<string> MakeHostAsync(string name)
    {
        (await DoAsync("vhost", name)).Succeeded();
        var factory = new ConnectionFactory { HostName = "127.0.0.1", Port = Port, UserName = User, Password = Password, VirtualHost = name };
        await using var connection = await factory.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.ExchangeDeclareAsync(SamplesExchange, ExchangeType.Topic, durable: true);
        await channel.QueueDeclareAsync(
            SamplesExchange, durable: true, exclusive: false, autoDelete: false, arguments: new Dictionary<string, object?> { ["x-max-length"] = SamplesMax });
        await channel.QueueBindAsync(SamplesExchange, SamplesExchange, "#");
        return string.Create(
            CultureInfo.InvariantCulture, $"host: 127.0.0.1, port: {Port}, user: {User}, password: {Password}, vhost: {name}, exchange: {SamplesExchange}, routing_key: samples");
    }

    /// <summary>Has a virtual host no more.</summary>
    public async Task DropHostAsync(string name) => (await DoAsync("drop", name)).Succeeded();

    /// <summary>The queues by which daemons share rounds, in a virtual host. What a quorum queue holds in bytes is among its metrics alone.</summary>
    public async Task<IReadOnlyList<QueueFigures>> QueuesAsync(string host)
    {
        var lines = (await AskAsync($$"""
            [begin
               Figures = case ets:lookup(queue_metrics, Name) of [{_, Told, _}] -> Told; [] -> [] end,
               io:format("~ts\t~p\t~p\t~p~n", [element(4, Name) | [proplists:get_value(K, Figures ++ Q, 0) || K <- [messages, message_bytes, memory]]])
             end || [{name, Name} | _] = Q <- rabbit_amqqueue:info_all(<<"{{host}}">>, [name, messages, memory])]
            """)).OutputLines;
        return
        [
            .. lines.Select(line => line.Split('\t'))
                .Where(row => row[0] != SamplesExchange && !row[0].Contains(".ended.", StringComparison.Ordinal))
                .Select(row => new QueueFigures(row[0], Number(row[1]), Number(row[2]), Number(row[3]))),
        ];
    }

    /// <summary>The resident memory of the broker's process, by its own word.</summary>
    public async Task<long> ResidentBytesAsync() =>
        Number((await AskAsync("""io:format("~b", [proplists:get_value(rss, proplists:get_value(total, rabbit_vm:memory()))])""")).Output.Trim());

    public async ValueTask DisposeAsync()
    {
        await DoAsync("down");
        _folder.Delete(recursive: true);
    }

    private static long Number(string text) => long.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>A broker that is busy may refuse the node that asks.</summary>
    private async Task<ProgramRun> AskAsync(string erlang)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await DoAsync("eval", erlang) is var run && (run.ExitCode == 0 || attempt == AttemptsMax))
            {
                return run.Succeeded();
            }
        }
    }

    private Task<ProgramRun> DoAsync(params string[] arguments) => Programs.OtherAsync(
        Repository.LabScript("rabbit"),
        arguments,
        environment: new Dictionary<string, string> { ["LAB"] = _folder.FullName, ["LAB_RABBIT_PORT"] = Port.ToString(CultureInfo.InvariantCulture) },
        deadline: UpDeadline);
}

/// <summary>What the broker says of a queue.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Messages">Those that wait, and those that are given out and not acked.</param>
/// <param name="Bytes">Of their bodies.</param>
/// <param name="Memory">Bytes that the queue's process holds.</param>
internal sealed record QueueFigures(string Name, long Messages, long Bytes, long Memory)
{
    /// <summary>The larger of each figure.</summary>
    public QueueFigures OrMore(QueueFigures other) =>
        new(Name, Math.Max(Messages, other.Messages), Math.Max(Bytes, other.Bytes), Math.Max(Memory, other.Memory));
}
