using Consometer.Metering.Samples;
using Consometer.Tests.Delivery;

namespace Consometer.Tests.Daemon;

/// <summary>A log that is written, and a loop that is stopped, killed and configured anew, as it comes: in the end each request is in one sample.</summary>
public sealed class RequestLoopWalkTests(ITestOutputHelper output)
{
    private const int Steps = 60;

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    [InlineData(5, false)]
    [InlineData(6, false)]
    [InlineData(7, true)]
    [InlineData(8, false)]
    public async Task All_samples_add_up_to_all_requests(int seed, bool isFile)
    {
        output.WriteLine($"seed {seed}");
        var walk = new Walk(new Random(seed), isFile);
        await using (walk.Loop)
        {
            var told = new Dictionary<Guid, long>();
            for (var step = 0; step < Steps; step++)
            {
                await walk.StepAsync();
                Grows(told, walk.Loop.Samples());
            }

            await walk.EndAsync();
            var samples = walk.Loop.Samples();
            Grows(told, samples);
            Assert.Equal(
                walk.Expected.Select(each => $"{each.Key} {each.Value}").Order(),
                samples.GroupBy(sample => $"{sample.ResourceId} {sample.Meter.Name}").Select(group => $"{group.Key} {group.Sum(sample => sample.Volume)}").Order());
        }
    }

    /// <summary>An id that was told has one figure, for ever.</summary>
    private static void Grows(Dictionary<Guid, long> told, IReadOnlyList<Sample> samples)
    {
        var now = samples.ToDictionary(sample => sample.MessageId, sample => sample.Volume);
        Assert.All(told, each => Assert.Equal(each.Value, now[each.Key]));
        foreach (var (id, volume) in now)
        {
            told[id] = volume;
        }
    }

    private sealed class Walk
    {
        private readonly Random _random;
        private readonly bool _isFile;
        private bool _isBroken;
        private int _transactions;

        public Walk(Random random, bool isFile)
        {
            _random = random;
            _isFile = isFile;
            Loop = new CountingLoop(isFile).Start();
        }

        public CountingLoop Loop { get; }

        public Dictionary<string, long> Expected { get; } = [];

        public async Task StepAsync()
        {
            for (var lines = _random.Next(6); lines > 0; lines--)
            {
                Write();
            }

            var step = _random.Next(20);
            if (step < 13)
            {
                await Loop.ReadAsync(_random.Next(1, 40), isCaughtUp: _random.Next(4) > 0);
            }
            else if (step < 16)
            {
                await ChangeAsync();
            }
            else if (step < 18 && _isFile)
            {
                await Loop.CrashAsync();
                Loop.Start();
            }
            else if (_isFile)
            {
                Break(!_isBroken);
            }
        }

        public async Task EndAsync()
        {
            Break(false);
            await Loop.ReadAsync();
            await Loop.ReadAsync(3 * 24 * 3600);
        }

        /// <summary>Stops the loop, where nothing would be lost that is in memory alone, and starts it, maybe otherwise.</summary>
        private async Task ChangeAsync()
        {
            await Loop.StopAsync();
            var requests = Loop.Options.Requests!;
            Loop.Options = Loop.Options with
            {
                Requests = requests with
                {
                    Interval = TimeSpan.FromSeconds(_random.Next(6) switch { 0 => 10, 1 => 300, 2 => 60, _ => requests.Interval.TotalSeconds }),
                    Host = _random.Next(4) == 0 ? $"h{_random.Next(3)}" : requests.Host,
                },
            };
            Loop.Start();
        }

        private void Break(bool isBroken)
        {
            if (isBroken != _isBroken)
            {
                StoredRows.Read(
                    Loop.Options.StorePath,
                    isBroken ? "CREATE TRIGGER broken BEFORE INSERT ON round BEGIN SELECT RAISE(ABORT, 'the disk is gone'); END" : "DROP TRIGGER broken");
                _isBroken = isBroken;
            }
        }

        private void Write()
        {
            var (account, container) = (_random.Next(3), _random.Next(3));
            var (bytes, end) = (_random.Next(1, 1000), Loop.Now.AddSeconds(-_random.Next(90)));
            var path = $"/v1/AUTH_p{account}/c{container}/o";
            var transaction = $"tx{_transactions++}";
            Add($"p{account} storage.objects.incoming.bytes", bytes);
            Add($"p{account}/c{container} storage.objects.upload.external", 1);
            var isVersioned = _random.Next(3) == 0;
            if (isVersioned)
            {
                Loop.Log.Write(ScriptedLog.Line(end, "PUT", path, 201, received: bytes, transaction: transaction, source: "OV"));
            }

            // A client's line that follows, or none.
            if (!isVersioned || _random.Next(2) == 0)
            {
                Loop.Log.Write(ScriptedLog.Line(end, "PUT", path, 201, received: bytes, transaction: transaction));
            }
        }

        private void Add(string figure, long volume) => Expected[figure] = Expected.GetValueOrDefault(figure) + volume;
    }
}
