using Consometer.Daemon;
using Consometer.Daemon.Tasks;
using Consometer.Delivery.Store;

namespace Consometer.Status;

/// <summary>Whether the next round has what it needs: the ring, the other daemons, the list of projects, the store; and the counting of requests its log.</summary>
internal static class Readiness
{
    /// <summary>What is not good, a line each; nothing if all is.</summary>
    public static IEnumerable<string> Missing(StatusBoard board)
    {
        string?[] faults = [RingFault(board), ClusterFault(board), board.Options.HasRounds ? ProjectsFault(board) : null, RequestsFault(board), StoreFault(board)];
        return faults.OfType<string>().Select(fault => fault.ReplaceLineEndings(" "));
    }

    private static string? RingFault(StatusBoard board) => board.Ring?.StaleSince is { } since
        ? $"ring {board.Options.Swift.RingPath}: broken or missing since {Shown.Instant(since)}; the one read before is in use"
        : null;

    /// <summary>One that has not joined yet, and knows of no reason why it should not, is about to.</summary>
    private static string? ClusterFault(StatusBoard board) => board.Shared?.State is { Role: SharedRole.Apart, Trouble: { } trouble } state
        ? $"cluster: apart from the other daemons since {Shown.Instant(state.Since)}: {trouble}"
        : null;

    /// <summary>
    /// A daemon that starts in a period that has its round asks for no list, and is as ready as the one before it was. One that has a
    /// round to do is ready when it has a list: Keystone's, or one kept from before that is young enough. Of those that share rounds
    /// the coordinator alone asks for one, and not where it goes on with a round that is planned: only that it got none is a fault.
    /// </summary>
    private static string? ProjectsFault(StatusBoard board) =>
        board.Shared is { State.Role: not SharedRole.Coordinator } ? null
        : board.Projects.Failure is { } failure ? $"projects: {failure}"
        : board.Projects.WasAsked ? null
        : board.Work.Failed is { IsOfStore: false } failed ? $"projects: not listed, since the round failed: {failed.Reason}"
        : board.Work.IsWaiting || board.Shared is not null ? null
        : "projects: not listed yet";

    private static string? RequestsFault(StatusBoard board) => board.Requests switch
    {
        { Failure: { } failure } => failure,
        { Trouble: { } trouble } => $"access log: {trouble}",
        { Source: null } => "access log: not read yet",
        _ => null,
    };

    private static string? StoreFault(StatusBoard board)
    {
        try
        {
            using var history = RoundHistory.Open(board.Options.StorePath, board.Options.Region);
            var (used, max) = (history.UsedBytes(), board.Options.StoreMaxBytes);
            return used >= max ? $"store {board.Options.StorePath}: full: {used} bytes in use of {max} (store.max_bytes)"
                : board.Work.Failed is { IsOfStore: true } failed ? failed.Reason
                : null;
        }
        catch (StoreException e)
        {
            return e.Message;
        }
    }
}
