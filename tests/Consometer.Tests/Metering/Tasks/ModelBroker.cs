using Consometer.Metering.Tasks;

namespace Consometer.Tests.Metering.Tasks;

/// <summary>A message in one queue. One that is routed to two is two of these.</summary>
internal sealed class ModelMessage(object body, DateTimeOffset? expires)
{
    public object Body => body;

    public DateTimeOffset? Expires => expires;

    public int Returns { get; set; }

    /// <summary>Why it was dead-lettered, as the broker's header says.</summary>
    public TaskLoss Reason { get; init; }
}

/// <summary>What a connection has sent. In is what the broker has, confirmed what the daemon knows of.</summary>
internal sealed class ModelPublish(string key, object body, DateTimeOffset? expires)
{
    public string Key => key;

    public object Body => body;

    public DateTimeOffset? Expires => expires;

    public bool IsIn { get; set; }

    public bool IsConfirmed { get; set; }
}

/// <summary>RabbitMQ as far as the protocol goes by it: quorum queues, and what becomes of their messages when somebody is gone.</summary>
internal sealed class ModelBroker
{
    private readonly List<ModelConnection> _connections = [];
    private readonly Action<string, object> _see;
    private readonly Dictionary<string, ModelQueue[]> _bindings;

    /// <param name="redeliveriesMax">How often a task is given out again.</param>
    /// <param name="see">Told of what gets into a queue, and of samples, which get to their consumer at once.</param>
    public ModelBroker(int redeliveriesMax, Action<string, object> see)
    {
        _see = see;
        Late = new ModelQueue("late");
        Tasks = new ModelQueue("tasks") { RedeliveriesMax = redeliveriesMax, DeadLetters = Late };
        Queues = [Coordinator, Tasks, Reports, Late, Journal];
        _bindings = new Dictionary<string, ModelQueue[]>
        {
            ["role"] = [Coordinator],
            ["task"] = [Tasks, Journal],
            ["journal"] = [Journal],
            ["ended"] = [Journal],
            ["report"] = [Reports],
            ["sample"] = [new ModelQueue("samples")],
        };
    }

    public ModelQueue Coordinator { get; } = new("coordinator") { IsForOne = true };

    public ModelQueue Tasks { get; }

    public ModelQueue Reports { get; } = new("reports");

    public ModelQueue Late { get; }

    public ModelQueue Journal { get; } = new("journal") { IsForOne = true };

    public ModelQueue[] Queues { get; }

    public IReadOnlyList<ModelConnection> Connections => _connections;

    public ModelConnection Connect()
    {
        var connection = new ModelConnection(this);
        _connections.Add(connection);
        return connection;
    }

    /// <summary>Routes a message to all its queues: one step.</summary>
    public void Route(ModelPublish publish)
    {
        publish.IsIn = true;
        Array.ForEach(_bindings[publish.Key], queue => Put(queue, publish));
    }

    /// <summary>A connection is gone. What it had sent last may have come, up to any message.</summary>
    public void Close(ModelConnection connection, Random random)
    {
        var open = connection.TakeOpen();
        foreach (var publish in open.Take(random.Next(open.Length + 1)))
        {
            Route(publish);
        }

        CloseConsumers(connection);
    }

    /// <summary>All connections are gone. What they had sent last may be in one queue and not in the other: each has its own log.</summary>
    /// <returns>Messages that are in some of their queues only.</returns>
    public List<object> Restart(Random random)
    {
        List<object> torn = [];
        foreach (var connection in _connections.ToArray())
        {
            var open = connection.TakeOpen();
            var cuts = Queues.ToDictionary(queue => queue, _ => random.Next(open.Length + 1));
            foreach (var (i, publish) in open.Index())
            {
                var all = _bindings[publish.Key];
                var into = all.Where(queue => i < cuts.GetValueOrDefault(queue)).ToArray();
                Array.ForEach(into, queue => Put(queue, publish));
                torn.AddRange(into.Length > 0 && into.Length < all.Length ? [publish.Body] : []);
            }
        }

        _connections.ToList().ForEach(CloseConsumers);
        return torn;
    }

    private void CloseConsumers(ModelConnection connection)
    {
        connection.Close();
        _connections.Remove(connection);
    }

    private void Put(ModelQueue queue, ModelPublish publish)
    {
        _see(queue.Name, publish.Body);
        if (Queues.Contains(queue))
        {
            queue.Ready.Add(new ModelMessage(publish.Body, publish.Expires));
        }
    }
}

/// <summary>What a daemon has to do with the broker in one go: when it closes, all that was not acknowledged goes back.</summary>
internal sealed class ModelConnection(ModelBroker broker)
{
    private readonly List<ModelConsumer> _consumers = [];
    private readonly Queue<ModelPublish> _unconfirmed = [];

    public bool IsOpen { get; private set; } = true;

    public ModelPublish Publish(string key, object body, DateTimeOffset? expires = null)
    {
        var publish = new ModelPublish(key, ModelJson.Copy(body), expires);
        _unconfirmed.Enqueue(publish);
        return publish;
    }

    public ModelConsumer Consume(ModelQueue queue, int prefetch = int.MaxValue)
    {
        var consumer = new ModelConsumer(queue, prefetch);
        queue.Consumers.Add(consumer);
        _consumers.Add(consumer);
        return consumer;
    }

    /// <summary>The first message that is not in yet gets in.</summary>
    public bool TryAccept()
    {
        var next = _unconfirmed.FirstOrDefault(publish => !publish.IsIn);
        if (next is not null)
        {
            broker.Route(next);
        }

        return next is not null;
    }

    public bool TryConfirm()
    {
        var isIn = _unconfirmed.TryPeek(out var first) && first.IsIn;
        if (isIn)
        {
            _unconfirmed.Dequeue().IsConfirmed = true;
        }

        return isIn;
    }

    /// <summary>What is sent and not in.</summary>
    public ModelPublish[] TakeOpen()
    {
        ModelPublish[] open = [.. _unconfirmed.Where(publish => !publish.IsIn)];
        _unconfirmed.Clear();
        return open;
    }

    public void Close()
    {
        IsOpen = false;
        _consumers.ForEach(consumer => consumer.Close());
    }
}
