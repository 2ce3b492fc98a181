using Consometer.Metering.Tasks;

namespace Consometer.Tests.Metering.Tasks;

public sealed class RoundJournalTests
{
    private static readonly RoundAttempt First = SomeRound.Attempt;
    private static readonly RoundAttempt Again = RoundAttempt.New(First.Time, "region");
    private static readonly RoundAttempt Next = RoundAttempt.New(First.Time.Next, "region");

    [Fact]
    public void Of_an_empty_journal_nothing_is_known()
    {
        var journal = Read();

        Assert.Null(journal.InHand);
        Assert.Null(journal.Ended);
        Assert.Null(journal.Complete);
    }

    [Fact]
    public void A_round_in_hand_is_known_with_its_tasks_and_its_plan()
    {
        var journal = Read(SomeRound.Begun(First), Published(First, 1), Published(First, 2));

        Assert.Equal((First, 2, 8, "AUTH_2"), (journal.InHand!.Round, journal.InHand.Tasks, journal.InHand.Accounts, journal.InHand.LastAccount));
        Assert.Equal((ManualClock.Start, SomeRound.Deadline, null), (journal.InHand.Started, journal.InHand.Deadline, journal.InHand.Plan));

        journal.Read(SomeRound.Planned(2, 8, First));

        Assert.Equal(SomeRound.Listing, journal.InHand.Plan!.Listing);
    }

    [Fact]
    public void A_task_that_is_there_twice_counts_once()
    {
        var journal = Read(SomeRound.Begun(First), Published(First, 1), Published(First, 2), Published(First, 2), Published(First, 1));

        Assert.Equal((2, 8, "AUTH_2"), (journal.InHand!.Tasks, journal.InHand.Accounts, journal.InHand.LastAccount));
    }

    [Fact]
    public void A_plan_alone_says_what_the_tasks_were_that_expired()
    {
        var journal = Read(SomeRound.Begun(First), SomeRound.Planned(3, 10, First));

        Assert.Equal((3, 10), (journal.InHand!.Tasks, journal.InHand.Accounts));
        Assert.Equal([1, 2, 3], journal.InHand.Missing);
    }

    [Fact]
    public void A_round_that_ended_is_not_in_hand_and_its_period_has_its_round_if_it_is_complete()
    {
        var journal = Read(SomeRound.Begun(First), Published(First, 1), SomeRound.Planned(1, 4, First), new JournalEntry.Ended(First, IsComplete: true));

        Assert.Null(journal.InHand);
        Assert.Equal((First, First.Start), (journal.Ended!.Round, journal.Complete));
    }

    [Fact]
    public void A_round_that_failed_is_attempted_again()
    {
        var failed = new JournalEntry.Ended(First, IsComplete: false);
        var journal = Read(SomeRound.Begun(First), Published(First, 1), failed);

        Assert.Null(journal.InHand);
        Assert.Null(journal.Complete);
        Assert.Equal(failed, journal.Ended);

        journal.Read(SomeRound.Begun(Again));
        journal.Read(Published(First, 2));

        Assert.Equal((Again, 0), (journal.InHand!.Round, journal.InHand.Tasks));

        journal.Read(new JournalEntry.Ended(Again, IsComplete: true));

        Assert.Equal(First.Start, journal.Complete);
    }

    [Fact]
    public void A_later_round_that_fails_leaves_the_earlier_one_complete()
    {
        var complete = new JournalEntry.Ended(First, IsComplete: true);
        var failed = new JournalEntry.Ended(Next, IsComplete: false);
        var journal = Read(complete, SomeRound.Begun(Next), failed);

        Assert.Equal((Next, First.Start), (journal.Ended!.Round, journal.Complete));
        Assert.False(journal.IsObsolete(complete));
        Assert.False(journal.IsObsolete(failed));
    }

    /// <summary>One that has lost the role and does not know it yet begins a round that another has begun, or has ended.</summary>
    [Fact]
    public void A_round_begun_beside_another_is_none()
    {
        var journal = Read(SomeRound.Begun(First), SomeRound.Begun(Again), Published(Again, 1), Published(First, 1), SomeRound.Planned(1, 4, Again));

        Assert.Equal((First, 1, null), (journal.InHand!.Round, journal.InHand.Tasks, journal.InHand.Plan));
        Assert.True(journal.IsObsolete(SomeRound.Begun(Again)) && journal.IsObsolete(Published(Again, 1)) && journal.IsObsolete(SomeRound.Planned(1, 4, Again)));
    }

    [Fact]
    public void A_round_begun_again_after_its_period_has_one_is_none()
    {
        var journal = Read(SomeRound.Begun(First), new JournalEntry.Ended(First, IsComplete: true), SomeRound.Begun(First), SomeRound.Begun(Again));

        Assert.Null(journal.InHand);
        Assert.True(journal.IsObsolete(SomeRound.Begun(Again)));
    }

    [Fact]
    public void An_end_that_is_told_twice_or_of_a_round_before_changes_nothing_in_hand()
    {
        var journal = Read(
            SomeRound.Begun(First), new JournalEntry.Ended(First, IsComplete: true), new JournalEntry.Ended(First, IsComplete: true),
            SomeRound.Begun(Next), new JournalEntry.Ended(First, IsComplete: true));

        Assert.Equal((Next, First.Start), (journal.InHand!.Round, journal.Complete));
    }

    [Fact]
    public void What_is_left_over_of_a_round_that_ended_is_nothing()
    {
        var journal = Read(Published(First, 3), SomeRound.Planned(3, 12, First), new JournalEntry.Ended(First, IsComplete: true), SomeRound.Begun(Next), Published(Next, 1));

        Assert.Equal((Next, 1), (journal.InHand!.Round, journal.InHand.Tasks));
        Assert.True(journal.IsObsolete(Published(First, 3)) && journal.IsObsolete(SomeRound.Planned(3, 12, First)));
    }

    [Fact]
    public void What_the_round_in_hand_is_made_of_is_needed()
    {
        var journal = Read(SomeRound.Begun(First), Published(First, 1), SomeRound.Planned(1, 4, First));

        Assert.False(journal.IsObsolete(SomeRound.Begun(First)) || journal.IsObsolete(Published(First, 1)) || journal.IsObsolete(SomeRound.Planned(1, 4, First)));

        journal.Read(new JournalEntry.Ended(First, IsComplete: true));

        Assert.True(journal.IsObsolete(SomeRound.Begun(First)) && journal.IsObsolete(Published(First, 1)) && journal.IsObsolete(SomeRound.Planned(1, 4, First)));
    }

    [Fact]
    public void An_end_is_needed_until_the_next()
    {
        var first = new JournalEntry.Ended(First, IsComplete: true);
        var journal = Read(first, SomeRound.Begun(Next));

        Assert.False(journal.IsObsolete(first));

        journal.Read(new JournalEntry.Ended(Next, IsComplete: true));

        Assert.True(journal.IsObsolete(first));
        Assert.False(journal.IsObsolete(new JournalEntry.Ended(Next, IsComplete: true)));
    }

    /// <summary>Whatever is taken out that nobody needs, and wherever its reader dies over it, the next one reads the same.</summary>
    [Fact]
    public void Without_what_is_obsolete_the_journal_says_the_same()
    {
        JournalEntry[] entries =
        [
            SomeRound.Begun(First), Published(First, 1), SomeRound.Planned(1, 4, First), new JournalEntry.Ended(First, IsComplete: true),
            SomeRound.Begun(Next), Published(Next, 1), new JournalEntry.Ended(Next, IsComplete: false), SomeRound.Begun(RoundAttempt.New(Next.Time, "region")),
        ];
        for (var read = 0; read <= entries.Length; read++)
        {
            var journal = Read(entries[..read]);
            var kept = entries[..read].ToList();
            foreach (var obsolete in entries[..read].Where(journal.IsObsolete))
            {
                kept.Remove(obsolete);
                Assert.Equal(Text(journal), Text(Read([.. kept])));
            }
        }
    }

    private static RoundJournal Read(params JournalEntry[] entries)
    {
        var journal = new RoundJournal();
        Array.ForEach(entries, journal.Read);
        return journal;
    }

    private static JournalEntry.Published Published(RoundAttempt round, int number) => new(round, number, 4, $"AUTH_{number}", 0);

    private static string Text(RoundJournal journal) =>
        $"{journal.InHand?.Round.Id} {journal.InHand?.Tasks} {journal.InHand?.LastAccount} {journal.InHand?.Plan} {journal.Ended} {journal.Complete}";
}
