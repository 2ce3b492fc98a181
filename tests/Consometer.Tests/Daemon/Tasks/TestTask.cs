using Consometer.Metering;
using Consometer.Metering.Rounds;
using Consometer.Metering.Tasks;
using Consometer.Tests.Delivery;

namespace Consometer.Tests.Daemon.Tasks;

/// <summary>Tasks of a shared round, and reports of them and of the round.</summary>
internal static class TestTask
{
    public const string Ring = "0123456789abcdef0123456789abcdef";
    public const string OtherRing = "fedcba9876543210fedcba9876543210";

    /// <summary>A task of the round at that many hours after the start of a test's clock.</summary>
    public static RoundTask Of(int number, int hour = 0) => new()
    {
        Round = RoundAttempt.New(Time(hour), "RegionOne"),
        Number = number,
        Of = 9,
        Deadline = ManualClock.Start.AddMinutes(50),
        Ring = new RingIdentity(Ring, 10, "mark"),
        ResellerPrefixes = ["AUTH_"],
        Meters = [],
        AbsentIsZero = false,
        Accounts = ["AUTH_a", "AUTH_b"],
    };

    public static TaskReport Done(int number, bool isRedelivered = false, string? failure = null, int hour = 0) => new()
    {
        Round = RoundAttempt.New(Time(hour), "RegionOne"),
        Number = number,
        Worker = "host/1",
        IsRedelivered = isRedelivered,
        Report = StoredRows.Report(failure) with { Accounts = 1234, Measured = 1234 },
        Remarks = [],
    };

    /// <summary>A round as it is merged of the tasks of these daemons.</summary>
    public static RoundReport Merged(RoundReport report, TaskCounts tasks, params IReadOnlyList<WorkerReport> workers) => report with { Tasks = tasks, Workers = workers };

    public static RoundTime Time(int hour = 0) => RoundTime.At(ManualClock.Start.AddHours(hour), TimeSpan.FromHours(1));
}
