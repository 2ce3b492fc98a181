using System.Text.Json;
using Consometer.Delivery.Publishing;
using Consometer.Metering.Tasks;

namespace Consometer.Delivery.Tasks;

/// <summary>
/// Reads the journal, and leaves in it what a successor needs. The reader puts in a fence, and reads until it sees that again: so it knows that it has read all there
/// was, also where a reader before it had died. The queue has a single active consumer: what a dead one had got is back in its place before the next one gets any.
/// </summary>
public static class JournalInbox
{
    /// <summary>Reads it, and deletes what nobody needs any more.</summary>
    /// <param name="link">The link.</param>
    /// <param name="unreadable">Told what is wrong with a message that is no entry; it is deleted.</param>
    /// <param name="stopping">Gives up.</param>
    /// <exception cref="BrokerException">The link is lost: nothing is deleted that somebody needs.</exception>
    public static async Task<RoundJournal> ReadAsync(TaskLink link, Action<string> unreadable, CancellationToken stopping)
    {
        var journal = new RoundJournal();
        await using var inbox = await link.ReceiveAsync(link.Queues.Journal, TaskLink.UnackedMax, stopping);
        var kept = new List<(Letter Letter, JournalEntry Entry)>();
        await foreach (var letter in ToFenceAsync(link, inbox, stopping))
        {
            if (Parse(letter, unreadable) is { } entry)
            {
                journal.Read(entry);
                kept.Add((letter with { Body = [] }, entry));
            }
            else
            {
                await inbox.AckAsync(letter);
            }
        }

        await AckObsoleteAsync(inbox, kept, journal);
        return journal;
    }

    /// <summary>
    /// All up to the first that is needed with one ack, which is all but the last entry once a round has ended: the channel is closed after it, and with it RabbitMQ loses
    /// what it has not handed on to the queue of more than 32 acks (<c>quorum_commands_soft_limit</c>). Such an entry is found, and acked, by the next reader.
    /// </summary>
    private static async Task AckObsoleteAsync(Inbox inbox, List<(Letter Letter, JournalEntry Entry)> entries, RoundJournal journal)
    {
        var first = entries.FindIndex(each => !journal.IsObsolete(each.Entry));
        var before = first < 0 ? entries.Count : first;
        if (before > 0)
        {
            await inbox.AckUpToAsync(entries[before - 1].Letter);
        }

        foreach (var (letter, _) in entries.Skip(before).Where(each => journal.IsObsolete(each.Entry)))
        {
            await inbox.AckAsync(letter);
        }
    }

    /// <summary>The tasks of a round, as they were published, as far as they have not expired.</summary>
    /// <param name="link">The link.</param>
    /// <param name="numbers">Which ones.</param>
    /// <param name="stopping">Gives up.</param>
    /// <exception cref="BrokerException">The link is lost.</exception>
    public static async Task<IReadOnlyList<RoundTask>> TasksAsync(TaskLink link, IReadOnlySet<int> numbers, CancellationToken stopping)
    {
        var tasks = new List<RoundTask>();
        await using var inbox = await link.ReceiveAsync(link.Queues.Journal, TaskLink.UnackedMax, stopping);
        await foreach (var letter in ToFenceAsync(link, inbox, stopping))
        {
            // What cannot be read is no entry: the reader before has seen that.
            if (letter.Type == LetterType.Task && Parse(letter, _ => { }) is JournalEntry.Published { Number: var number } && numbers.Contains(number))
            {
                tasks.Add(RoundTask.FromJson(letter.Body));
            }
        }

        return tasks;
    }

    private static async IAsyncEnumerable<Letter> ToFenceAsync(TaskLink link, Inbox inbox, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stopping)
    {
        var fence = Guid.NewGuid().ToByteArray();
        await link.PublishAsync(TaskQueues.JournalKey, LetterType.Fence, fence, stopping: stopping);
        await foreach (var letter in inbox.Letters.ReadAllAsync(stopping))
        {
            if (letter.Type != LetterType.Fence)
            {
                yield return letter;
                continue;
            }

            // Another's is one of a reader who died.
            await inbox.AckAsync(letter);
            if (letter.Body.AsSpan().SequenceEqual(fence))
            {
                yield break;
            }
        }

        throw new OperationCanceledException("the journal was not read to its end");
    }

    private static JournalEntry? Parse(Letter letter, Action<string> unreadable)
    {
        try
        {
            switch (letter.Type)
            {
                case LetterType.Begun:
                    return JournalEntry.BegunFromJson(letter.Body);
                case LetterType.Task:
                    return JournalEntry.Of(RoundTask.FromJson(letter.Body));
                case LetterType.Planned:
                    return JournalEntry.PlannedFromJson(letter.Body);
                case LetterType.Ended:
                    var ended = RoundEnded.FromJson(letter.Body);
                    return new JournalEntry.Ended(ended.Round, ended.Report.IsComplete);
                default:
                    unreadable($"wanted an entry, found a message of type \"{letter.Type}\"");
                    return null;
            }
        }
        catch (JsonException e)
        {
            unreadable($"wanted an entry of type {letter.Type}, found {e.Message}");
            return null;
        }
    }
}
