using Consometer.Swift.Accounts;

namespace Consometer.Metering.Polling;

/// <summary>
/// How hard one server is asked: by how many at once, and how often. It gives way when the server says that it is asked too often
/// (529), answers much slower than it usually does, or not at all, so that metering is not what customers wait for.
/// </summary>
internal sealed class LanePace : IDisposable
{
    /// <summary>Answers between two changes of the width: enough to see what the last one did.</summary>
    private const int AnswersPerStep = 8;

    /// <summary>Weights of the newest answer in what is usual and in what is now.</summary>
    private const double UsualWeight = 1.0 / 256;
    private const double NowWeight = 1.0 / AnswersPerStep;

    /// <summary>So many times the usual is slow, and so many is well again.</summary>
    private const double Slow = 2;
    private const double Well = 1.5;

    /// <summary>Seconds of difference that are noise on any server.</summary>
    private const double Noise = 0.02;

    private static readonly TimeSpan BackoffMin = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan BackoffMax = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _permits;
    private readonly int _widthMax;
    private readonly TimeSpan _intervalMin;
    private readonly TimeProvider _clock;
    private int _width;
    private int _withheld;
    private int _answers;
    private double _usual;
    private double _now;
    private TimeSpan _backoff;
    private DateTimeOffset _next;

    /// <param name="widthMax">Requests in flight at most.</param>
    /// <param name="requestsPerSecond">A ceiling; 0 is none.</param>
    /// <param name="clock">What is waited by.</param>
    public LanePace(int widthMax, double requestsPerSecond, TimeProvider clock)
    {
        _permits = new SemaphoreSlim(widthMax);
        _widthMax = _width = widthMax;
        _intervalMin = requestsPerSecond > 0 ? TimeSpan.FromSeconds(1 / requestsPerSecond) : TimeSpan.Zero;
        _clock = clock;
    }

    /// <summary>Requests in flight at most, for now.</summary>
    public int Width
    {
        get
        {
            lock (_lock)
            {
                return _width;
            }
        }
    }

    /// <summary>Whether the server has said lately that it is asked too often.</summary>
    public bool IsSlowedDown
    {
        get
        {
            lock (_lock)
            {
                return _backoff > TimeSpan.Zero;
            }
        }
    }

    /// <summary>Waits until one more may ask.</summary>
    public async Task EnterAsync(CancellationToken stopping)
    {
        await _permits.WaitAsync(stopping);
        if (Reserve() is { Ticks: > 0 } wait)
        {
            await Task.Delay(wait, _clock, stopping);
        }
    }

    /// <summary>One that asked is done.</summary>
    /// <param name="failure">Why the server could not tell; null where it could.</param>
    /// <param name="latency">How long it took.</param>
    public void Leave(Unavailability? failure, TimeSpan latency)
    {
        lock (_lock)
        {
            _backoff = failure == Unavailability.RateLimited ? Larger(BackoffMin, _backoff * 2) : _backoff < BackoffMin ? TimeSpan.Zero : _backoff * 0.9;
            _backoff = _backoff > BackoffMax ? BackoffMax : _backoff;
            if (failure is Unavailability.TimedOut or Unavailability.ConnectTimedOut)
            {
                // Nobody else finds out the hard way what those under way are about to find out.
                _width = 1;
            }
            else
            {
                Adapt(latency.TotalSeconds);
            }

            Release();
        }
    }

    /// <summary>One that was let in did not ask.</summary>
    public void Withdraw()
    {
        lock (_lock)
        {
            Release();
        }
    }

    public void Dispose() => _permits.Dispose();

    private TimeSpan Reserve()
    {
        lock (_lock)
        {
            var interval = Larger(_intervalMin, _backoff);
            if (interval == TimeSpan.Zero)
            {
                return TimeSpan.Zero;
            }

            var now = _clock.GetUtcNow();
            var turn = _next > now ? _next : now;
            _next = turn + interval;
            return turn - now;
        }
    }

    /// <summary>Lets in as many as the width has room for, now that one is out.</summary>
    private void Release()
    {
        var toWithhold = _widthMax - _width;
        var release = 1 + _withheld - toWithhold;
        _withheld = release >= 0 ? toWithhold : _withheld + 1;
        if (release > 0)
        {
            _permits.Release(release);
        }
    }

    /// <summary>The first answers are what is usual; later ones change that slowly, and the width when they are unlike it.</summary>
    private void Adapt(double seconds)
    {
        _answers++;
        _usual += (seconds - _usual) * Math.Max(UsualWeight, 1.0 / _answers);
        _now += (seconds - _now) * Math.Max(NowWeight, 1.0 / _answers);
        if (_answers % AnswersPerStep == 0)
        {
            _width = _now > (Slow * _usual) + Noise ? Math.Max(1, _width - 1)
                : _now < (Well * _usual) + Noise ? Math.Min(_widthMax, _width + 1)
                : _width;
        }
    }

    private static TimeSpan Larger(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
