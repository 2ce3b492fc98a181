using Consometer.Metering.Tasks;

namespace Consometer.Tests.Metering.Tasks;

/// <summary>
/// A quorum queue: what comes back comes to the front, in its order; what has expired goes when it is the first, and not before; the consumer
/// that has been there longest has a queue that is for one at a time.
/// </summary>
internal sealed class ModelQueue(string name)
{
    public string Name => name;

    public bool IsForOne { get; init; }

    public int RedeliveriesMax { get; init; } = int.MaxValue;

    /// <summary>Where dead letters go; null: nowhere.</summary>
    public ModelQueue? DeadLetters { get; init; }

    public List<ModelMessage> Ready { get; } = [];

    public List<ModelConsumer> Consumers { get; } = [];

    /// <summary>All that is in it, given out or not.</summary>
    public IEnumerable<ModelMessage> All => Consumers.SelectMany(consumer => consumer.Unacked).Concat(Ready);

    /// <summary>Gives one message to a consumer that has room, or drops one that has expired.</summary>
    public bool TryStep(DateTimeOffset now, Random random)
    {
        if (Ready.Count == 0)
        {
            return false;
        }

        if (Ready[0].Expires <= now)
        {
            Lose(Take(), TaskLoss.Late);
            return true;
        }

        var consumers = (IsForOne ? Consumers.Take(1) : Consumers).Where(consumer => consumer.HasRoom).ToArray();
        if (consumers.Length > 0)
        {
            consumers[random.Next(consumers.Length)].Give(Take());
        }

        return consumers.Length > 0;
    }

    public void Return(IEnumerable<ModelMessage> messages)
    {
        ModelMessage[] some = [.. messages];
        foreach (var message in some)
        {
            message.Returns++;
        }

        Ready.InsertRange(0, some.Where(message => message.Returns <= RedeliveriesMax));
        foreach (var message in some.Where(message => message.Returns > RedeliveriesMax))
        {
            Lose(message, TaskLoss.Poison);
        }
    }

    public void Lose(ModelMessage message, TaskLoss reason) => DeadLetters?.Ready.Add(new ModelMessage(message.Body, null) { Reason = reason });

    private ModelMessage Take()
    {
        var first = Ready[0];
        Ready.RemoveAt(0);
        return first;
    }
}

/// <summary>Who reads a queue. Once it is closed nothing that it does counts any more.</summary>
internal sealed class ModelConsumer(ModelQueue queue, int prefetch)
{
    private readonly Queue<ModelMessage> _inbox = [];
    private bool _isClosed;

    public List<ModelMessage> Unacked { get; } = [];

    public bool HasRoom => Unacked.Count < prefetch;

    /// <summary>Whether something was given that the daemon has not looked at.</summary>
    public bool HasNews => _inbox.Count > 0;

    public ModelMessage Next() => _inbox.Dequeue();

    public void Give(ModelMessage message)
    {
        Unacked.Add(message);
        _inbox.Enqueue(message);
    }

    public void Ack(ModelMessage message) => Unacked.Remove(message);

    /// <summary>Gives a message back for nobody.</summary>
    public void Reject(ModelMessage message)
    {
        if (Unacked.Remove(message))
        {
            queue.Lose(message, TaskLoss.Late);
        }
    }

    /// <summary>Gives a message back for another.</summary>
    public void Requeue(ModelMessage message)
    {
        if (Unacked.Remove(message))
        {
            queue.Return([message]);
        }
    }

    public void Close()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            queue.Consumers.Remove(this);
            queue.Return(Unacked);
            Unacked.Clear();
            _inbox.Clear();
        }
    }
}
