namespace Consometer.Metering.Polling;

/// <summary>
/// Accounts that wait for a place in the lanes. Whoever settles one deals the next from here, at once; the one who lists them is woken for many
/// together, and by another thread: lists may come from the store, which servers' answers must not wait for.
/// </summary>
/// <param name="places">Accounts in the lanes at most.</param>
internal sealed class VisitSupply(int places) : IDisposable
{
    /// <summary>What waits here at most, in multiples of the places: enough to go on with while the one who lists waits for a processor.</summary>
    private const int Chunks = 8;

    private readonly Lock _lock = new();
    private readonly Queue<Visit> _waiting = new();
    private readonly SemaphoreSlim _room = new(Chunks);
    private int _placesTaken;
    private long _listed;
    private long _taken;

    /// <summary>Waits until there is room for another account.</summary>
    public Task WaitForRoomAsync(CancellationToken stopping) => _listed++ % places == 0 ? _room.WaitAsync(stopping) : Task.CompletedTask;

    /// <summary>Adds an account, for which there is room.</summary>
    /// <returns>The account, if it is to be dealt now; null if it waits.</returns>
    public Visit? Add(Visit visit)
    {
        lock (_lock)
        {
            _waiting.Enqueue(visit);
            return Take();
        }
    }

    /// <summary>A place is free.</summary>
    /// <returns>The account that gets it; null if none waits.</returns>
    public Visit? Next()
    {
        lock (_lock)
        {
            _placesTaken--;
            return Take();
        }
    }

    public void Dispose() => _room.Dispose();

    private Visit? Take()
    {
        if (_placesTaken == places || !_waiting.TryDequeue(out var visit))
        {
            return null;
        }

        _placesTaken++;
        if (++_taken % places == 0)
        {
            _room.Release();
        }

        return visit;
    }
}
