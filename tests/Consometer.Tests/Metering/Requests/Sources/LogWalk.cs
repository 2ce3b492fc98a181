using Consometer.Metering.Requests.Sources;

namespace Consometer.Tests.Metering.Requests.Sources;

/// <summary>One walk of a log through what may happen to it.</summary>
/// <param name="log">The log.</param>
/// <param name="random">What happens next.</param>
internal sealed class LogWalk(WatchedLog log, Random random)
{
    private const int GenerationsMax = 60;

    private LogPosition? _kept;
    private int _keptLines;
    private string _torn = "";

    /// <summary>What the file that the log's writer has open is called: ".1" from a rotation until it opens the log anew.</summary>
    private string _open = "";

    /// <summary>Every line that was written, in order; one that was torn when its file was left counts.</summary>
    public List<string> Written { get; } = [];

    /// <summary>What happened, in order.</summary>
    public List<string> Taken { get; } = [];

    public async Task StepAsync()
    {
        var step = random.Next(12);
        Taken.Add($"{step}");
        switch (step)
        {
            case 0 or 1 or 2:
                Write(random.Next(1, 4));
                break;
            case 3:
                Tear();
                break;
            case 4:
                Rotate();
                break;
            case 5:
                Reopen();
                break;
            case 6:
                CopyTruncate();
                break;
            case 7:
                CompressOne();
                break;
            case 8:
                Stop();
                break;
            case 9:
                (_kept, _keptLines) = (log.Position, log.Lines.Count);
                break;
            default:
                await log.ReadAsync();
                break;
        }
    }

    /// <summary>The writer closes the log, and all is read.</summary>
    public async Task EndAsync()
    {
        Reopen();
        Write(1);
        await log.ReadAllAsync();
    }

    private void Write(int lines)
    {
        for (var i = 0; i < lines; i++)
        {
            Written.Add($"line {Written.Count} of {random.Next()}");
            log.AppendTo(_open, Written[^1][_torn.Length..] + "\n");
            _torn = "";
        }
    }

    /// <summary>Half a line.</summary>
    private void Tear()
    {
        if (_torn.Length == 0)
        {
            // The other half must be the one that is written next.
            _torn = $"line {Written.Count} of ";
            log.AppendTo(_open, _torn);
        }
    }

    /// <summary>The writer opens the log anew. If that was renamed meanwhile, half a line is all there will be of it.</summary>
    private void Reopen()
    {
        if (_open.Length > 0 && _torn.Length > 0)
        {
            Written.Add(_torn);
            _torn = "";
        }

        _open = "";
    }

    private void Rotate()
    {
        if (File.Exists(log.Path) && _open.Length == 0)
        {
            Shift();
            log.Rename(".1", creates: random.Next(2) == 0);
            _open = ".1";
        }
    }

    private void CopyTruncate()
    {
        if (File.Exists(log.Path) && _open.Length == 0 && _torn.Length == 0)
        {
            Shift();
            log.CopyTruncate(".1");
        }
    }

    private void Shift()
    {
        for (var i = GenerationsMax; i >= 1; i--)
        {
            foreach (var ending in (string[])["", ".gz"])
            {
                if (File.Exists(log.Find($".{i}{ending}")))
                {
                    log.Move($".{i}{ending}", $".{i + 1}{ending}");
                }
            }
        }
    }

    private void CompressOne()
    {
        var generation = random.Next(1, 4);
        if (File.Exists(log.Find($".{generation}")) && _open != $".{generation}")
        {
            log.Compress($".{generation}");
        }
    }

    /// <summary>What was read since it was last kept is read again. Before there is a position there is nothing to go on from.</summary>
    private void Stop()
    {
        if (_kept is not null)
        {
            log.Forget(log.Lines.Count - _keptLines);
            log.Stop(_kept);
        }
    }
}
