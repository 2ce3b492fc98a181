using System.Buffers.Binary;
using System.Globalization;
using Consometer.Rings;
using Consometer.Rings.Inspection;

namespace Consometer.Tests.Rings.Fuzz;

/// <summary>
/// Makes rings nobody would write, by the thousand, and looks at each. Goal: whatever the bytes, the answer is a ring that can be asked
/// anything, or one exception that says where, what was wanted and what was found; at a price that follows from the size of the file.
/// Method: a seed for each mutant, so that one can be had again without those before it.
/// </summary>
internal sealed class FuzzRun
{
    /// <summary>What decoding may allocate, at most: so many bytes for each byte of the file and of what it says it inflates to.</summary>
    private const long BytesPerByte = 8;

    /// <summary>An inflater's buffers, an exception and its stack.</summary>
    private const long BytesFixed = 64 << 10;

    /// <summary>A byte of deflate becomes no more than so many; a file that says otherwise is not believed.</summary>
    private const long DeflateRatioMax = 1032;

    /// <summary>Verification looks for the end of a damaged stream byte by byte: it is for some, not for all.</summary>
    private const int VerifiedEvery = 8;

    private static readonly int Seed =
        Environment.GetEnvironmentVariable("CONSOMETER_SEED") is { Length: > 0 } seed ? int.Parse(seed, CultureInfo.InvariantCulture) : 20260;

    private static readonly DeviceSearch Search = DeviceSearch.Parse("r1z1-10.9.1.1:6202/sdb")!;

    private readonly string _name;
    private readonly long _bytesPerByte;

    private FuzzRun(string name, long bytesPerByte)
    {
        _name = name;
        _bytesPerByte = bytesPerByte;
    }

    public int Usable { get; private set; }

    public int Refused { get; private set; }

    /// <summary>Makes and looks at some mutants.</summary>
    /// <param name="name">Of the run; the seeds of its mutants depend on it.</param>
    /// <param name="count">How many.</param>
    /// <param name="mutate">Makes a file of chance.</param>
    /// <param name="onUsable">What else is to be said of a ring that was decoded.</param>
    public static FuzzRun Of(string name, int count, Func<Random, byte[]> mutate, Action<RingTable>? onUsable = null)
    {
        var run = new FuzzRun(name, BytesPerByte);
        for (var i = 0; i < count; i++)
        {
            var random = new Random(name.Aggregate(unchecked((Seed * 1_000_003) + i), (hash, c) => unchecked((hash * 31) + c)));
            run.Look(mutate(random), i, onUsable);
        }

        return run;
    }

    /// <summary>Looks at these files.</summary>
    public static FuzzRun OfEach(string name, IEnumerable<byte[]> files, long bytesPerByte = BytesPerByte)
    {
        var run = new FuzzRun(name, bytesPerByte);
        foreach (var (i, file) in files.Index())
        {
            run.Look(file, i, onUsable: null);
        }

        return run;
    }

    /// <summary>Both kinds came up: a run of which none is usable, or all are, has mutated nothing of interest.</summary>
    public void AssertBoth()
    {
        Assert.NotEqual(0, Usable);
        Assert.NotEqual(0, Refused);
    }

    private void Look(byte[] file, int i, Action<RingTable>? onUsable)
    {
        try
        {
            var ring = Decode(file);
            (Usable, Refused) = (Usable + (ring is null ? 0 : 1), Refused + (ring is null ? 1 : 0));
            if (ring is not null)
            {
                Ask(ring);
                onUsable?.Invoke(ring);
            }

            if (i % VerifiedEvery == 0)
            {
                Verify(file, ring);
            }
        }
        catch (Exception e)
        {
            Assert.Fail($"CONSOMETER_SEED={Seed}, {_name}, mutant {i}, {file.Length} bytes: {e}");
        }
    }

    private RingTable? Decode(byte[] file)
    {
        RingTable? ring = null;
        RingFormatException? refusal = null;
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            ring = RingFile.Decode(file);
        }
        catch (RingFormatException e)
        {
            refusal = e;
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, AllocatedMax(file));
        if (refusal is not null)
        {
            Assert.InRange(refusal.Offset, 0, long.MaxValue);
            Assert.NotEmpty(refusal.Wanted);
            Assert.NotEmpty(refusal.Found);
            Assert.DoesNotContain(refusal.Message, char.IsControl);
        }

        return ring;
    }

    private long AllocatedMax(byte[] file)
    {
        var claimed = file.Length < sizeof(uint) ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(^sizeof(uint)));
        return (_bytesPerByte * (file.Length + Math.Min(claimed, DeflateRatioMax * file.Length))) + BytesFixed;
    }

    /// <summary>The first partition, the last and one between: a table has no other corners.</summary>
    private static void Ask(RingTable ring)
    {
        var devices = ring.Devices.OfType<Device>().ToArray();
        var ids = new int[ring.ReplicasMax];
        foreach (var partition in new[] { 0, ring.Partitions / 2, ring.Partitions - 1 })
        {
            Assert.DoesNotContain(ids[..ring.GetPrimaries((uint)partition, ids)], id => ring.Devices[id] is null);
            var placement = new Placement(ring, (uint)partition);
            Assert.InRange(placement.Primaries().Count + placement.Handoffs().Count(), 0, devices.Length);
        }

        var balance = RingBalance.Of(ring);
        Assert.True(double.IsFinite(balance.Dispersion) && double.IsFinite(balance.Balance ?? 0));
        Assert.DoesNotContain(devices, device => !double.IsFinite(balance.OfDevice(device.Id) ?? 0));
        Assert.InRange(devices.Count(Search.Matches), 0, devices.Length);
    }

    /// <summary>What the strict reader refuses, the one that reads on has an error for.</summary>
    private static void Verify(byte[] file, RingTable? ring)
    {
        var findings = RingVerification.Of(file);
        Assert.DoesNotContain(findings, finding => finding.Place.Length == 0 || finding.Wanted.Length == 0 || finding.Found.Length == 0 || finding.Count < 1);
        if (ring is null)
        {
            Assert.Contains(findings, finding => finding.Weight == FindingWeight.Error);
        }
    }
}
