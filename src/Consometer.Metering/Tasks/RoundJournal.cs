namespace Consometer.Metering.Tasks;

/// <summary>What the journal says: read from its first entry to its last, by a coordinator that is new, and kept up by what it writes itself.</summary>
public sealed class RoundJournal
{
    /// <summary>The last round that ended; null if none has.</summary>
    public JournalEntry.Ended? Ended { get; private set; }

    /// <summary>The round in hand; null between rounds.</summary>
    public SharedRound? InHand { get; private set; }

    /// <summary>The last period that has its round; null if none has.</summary>
    public DateTimeOffset? Complete { get; private set; }

    /// <summary>Reads on. An entry of a round that is not in hand is left over from before, or of a coordinator that did not know yet that it was none.</summary>
    public void Read(JournalEntry entry)
    {
        switch (entry)
        {
            case JournalEntry.Begun begun when InHand is null && begun.Round.Id != Ended?.Round.Id && !(begun.Round.Start <= Complete):
                InHand = new SharedRound(begun);
                break;
            case JournalEntry.Published task when task.Round.Id == InHand?.Round.Id:
                InHand.Take(task);
                break;
            case JournalEntry.Planned planned when planned.Round.Id == InHand?.Round.Id:
                InHand.Plan = planned;
                break;
            case JournalEntry.Ended ended:
                Ended = ended;
                Complete = ended.IsComplete && !(ended.Round.Start < Complete) ? ended.Round.Start : Complete;
                InHand = ended.Round.Id == InHand?.Round.Id ? null : InHand;
                break;
        }
    }

    /// <summary>Whether nobody needs an entry any more.</summary>
    public bool IsObsolete(JournalEntry entry) => entry switch
    {
        JournalEntry.Begun begun => begun.Round.Id != InHand?.Round.Id,
        JournalEntry.Published task => task.Round.Id != InHand?.Round.Id,
        JournalEntry.Planned planned => planned.Round.Id != InHand?.Round.Id,
        JournalEntry.Ended ended => ended.Round.Id != Ended?.Round.Id && !(ended.IsComplete && ended.Round.Start == Complete),
        _ => false,
    };
}
