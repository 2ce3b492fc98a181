using Consometer.Configuration;
using Consometer.Daemon;
using Consometer.Delivery.Store;
using Consometer.Metering.Rounds;

namespace Consometer.Status;

/// <summary>All that the page shows, as of one instant.</summary>
internal sealed record StatusView
{
    public required StatusBoard Board { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>Null where the store could not be read.</summary>
    public RoundsSeen? Rounds { get; init; }

    /// <summary>Why the store could not be read; null if it was.</summary>
    public string? StoreFailure { get; init; }

    /// <summary>What waits for the broker, by format.</summary>
    public IReadOnlyList<Backlog> Waiting { get; init; } = [];

    /// <summary>Bytes in use in the store.</summary>
    public long UsedBytes { get; init; }

    /// <summary>The last periods, the current one last.</summary>
    public IReadOnlyList<Period> Periods { get; init; } = [];

    public ConsometerOptions Options => Board.Options;

    /// <summary>Whether names and figures of single accounts are shown.</summary>
    public bool ShowsAccounts => Options.Status.ShowsAccounts;

    /// <summary>The report of the latest round.</summary>
    public RoundReport? Report => Rounds?.Report;

    /// <param name="board">What the daemon knows of itself.</param>
    /// <param name="before">What was read of the store before.</param>
    public static StatusView Read(StatusBoard board, RoundsSeen? before)
    {
        var view = new StatusView { Board = board, Now = board.Now };
        try
        {
            using var history = RoundHistory.Open(board.Options.StorePath, board.Options.Region);
            var seen = RoundsSeen.Read(history, before, board.Options.Status.ShowsAccounts);
            return view with
            {
                Rounds = seen,
                Waiting = history.Waiting(),
                UsedBytes = history.UsedBytes(),
                Periods = Status.Periods.Of(seen.Rounds, board.Options.Period, view.Now),
            };
        }
        catch (StoreException e)
        {
            return view with { StoreFailure = e.Message };
        }
    }
}
