namespace Consometer.Tests.Metering.Tasks;

/// <summary>One thing that a daemon does, step by step: each step ends with what the next one waits for.</summary>
/// <param name="connection">What it ends with; null of one that goes on without.</param>
/// <param name="steps">The steps.</param>
internal sealed class ModelRoutine(ModelConnection? connection, IEnumerable<Func<bool>> steps)
{
    private readonly IEnumerator<Func<bool>> _steps = steps.GetEnumerator();
    private Func<bool> _wait = Now;

    /// <summary>Nothing is waited for; but others may come between.</summary>
    public static bool Now() => true;

    public ModelConnection? Connection => connection;

    public bool IsOver { get; private set; }

    public bool TryStep()
    {
        if (IsOver || !_wait())
        {
            return false;
        }

        IsOver = !_steps.MoveNext();
        _wait = IsOver ? Now : _steps.Current;
        return true;
    }
}
