using Consometer.Metering;
using Consometer.Metering.Rounds;
using Consometer.Metering.Samples;
using Consometer.Metering.Tasks;

namespace Consometer.Tests.Metering.Tasks;

/// <summary>A task that was polled. What becomes of an account is the same whoever asks in a round, but for those that ask too late, or are blind.</summary>
/// <param name="Report">What will be reported.</param>
/// <param name="Parcels">What is to be delivered before.</param>
internal sealed record ModelPoll(TaskReport Report, IReadOnlyList<ModelParcel> Parcels)
{
    private const int ParcelSize = 2;

    private static readonly Meter Meter = MeterCatalogue.All[0];

    public static bool IsAbsent(DateTimeOffset round, string account) => ChanceOf(round, account) == 0;

    public static bool IsUnknown(DateTimeOffset round, string account) => ChanceOf(round, account) == 1;

    public static ModelPoll Of(RoundTask task, ModelWorld world, string worker, bool isRedelivered)
    {
        var accounts = task.AccountsToPoll().ToArray();
        var start = task.Round.Start;
        var reason = world.IsBlind ? "none found" : world.Now >= task.Deadline ? "out_of_time" : null;
        var unknown = accounts.Where(account => reason is not null || IsUnknown(start, account.Name)).ToArray();
        var absent = accounts.Except(unknown).Count(account => IsAbsent(start, account.Name));
        var measured = accounts.Except(unknown).Where(account => !IsAbsent(start, account.Name)).ToArray();
        var report = new RoundReport
        {
            RoundTime = task.Round.Time.ToString(),
            Started = world.Now,
            Seconds = 1,
            ListingSeconds = 0,
            Accounts = accounts.Length,
            Measured = measured.Length,
            Absent = world.IsBlind ? accounts.Length : absent,
            Deleted = 0,
            Unknown = world.IsBlind ? 0 : unknown.Length,
            UnknownByReason = world.IsBlind || unknown.Length == 0 ? new Dictionary<string, long>() : new Dictionary<string, long> { [reason ?? "timed_out"] = unknown.Length },
            Disagreeing = 0,
            Unlisted = 0,
            Samples = measured.Length,
            Nodes = [],
            Failure = world.IsBlind ? "none found" : null,
        };
        var samples = measured.Select(account => (account.Name, SampleOf(account, task.Round, world.Bug == ModelBug.IdsOfWorkers ? worker : null))).Chunk(ParcelSize).Select(some => new ModelParcel(some));
        return new ModelPoll(
            new TaskReport
            {
                Round = task.Round,
                Number = task.Number,
                Cut = task.Cut,
                Worker = worker,
                IsRedelivered = isRedelivered,
                Report = report,
                Remarks = [.. unknown.Select(account => new RoundRemark(RoundRemark.Unknown, account.Name, account.ProjectId, reason ?? "timed_out"))],
            },
            [.. samples]);
    }

    private static Sample SampleOf(Account account, RoundAttempt round, string? origin) =>
        new(Meter, 1, account.ResourceId, account.ProjectId, round.Region, round.Time) { Origin = origin };

    private static int ChanceOf(DateTimeOffset round, string account) =>
        (int)(account.Aggregate((uint)(round.ToUnixTimeSeconds() / 3600), (hash, character) => unchecked((hash * 31) + character)) % 11);
}
