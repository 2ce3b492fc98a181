using System.Globalization;
using System.Text.Json;
using Consometer.Metering;
using Consometer.Metering.Requests;
using Consometer.Metering.Samples;
using Microsoft.Data.Sqlite;

namespace Consometer.Delivery.Store;

/// <summary>
/// Reads what the store knows: the figures of complete rounds, and of complete intervals of requests. An id (region, round time, meter, resource) may have been made by
/// several rounds of one period; the first figure counts, since it may have been billed. All that one query gives is of one state
/// of the store, whatever is written meanwhile. Rows are read as they are asked for.
/// </summary>
public sealed class UsageQuery : IDisposable
{
    private static readonly Dictionary<string, Meter> Meters = MeterCatalogue.All.ToDictionary(meter => meter.Name);

    private readonly StoreForReading _store;

    private UsageQuery(StoreForReading store) => _store = store;

    private StoreConnection Connection => _store.Connection;

    /// <summary>Opens a store for reading: nothing is made, changed, or brought to this version.</summary>
    /// <exception cref="StoreException">There is none, it cannot be read, or is not Consometer's.</exception>
    public static UsageQuery Open(string path) => new(StoreForReading.Open(path));

    /// <summary>The figures, by round time, resource and meter.</summary>
    /// <exception cref="StoreException">They cannot be read.</exception>
    public IEnumerable<Sample> Samples(UsageFilter filter)
    {
        foreach (var kind in Kinds(filter))
        {
            foreach (var period in Rounds(kind).GroupBy(round => round.Time.Start))
            {
                foreach (var sample in Figures(kind, [.. period]))
                {
                    yield return sample;
                }
            }
        }

        _store.RequireUnchanged();
    }

    /// <summary>
    /// The figures day by day, each day's by resource and meter. Where the filter has no beginning it is that of the last round's
    /// day: of a day one round says nothing.
    /// </summary>
    /// <exception cref="StoreException">They cannot be read.</exception>
    public IEnumerable<DailyFigure> Daily(UsageFilter filter)
    {
        foreach (var figure in Kinds(filter).SelectMany(DailyOf))
        {
            yield return figure;
        }

        _store.RequireUnchanged();
    }

    /// <summary>The resources that have most of a meter in the last period of the range.</summary>
    /// <param name="filter">Of its meters the first is meant.</param>
    /// <param name="count">How many resources at most.</param>
    /// <exception cref="StoreException">They cannot be read.</exception>
    public UsageTop Top(UsageFilter filter, int count)
    {
        var rounds = Rounds(filter);
        Round[] last = [.. rounds.SkipWhile(round => round.Time.Start < rounds[^1].Time.Start)];
        if (last.Length == 0)
        {
            return new UsageTop([], 0, 0);
        }

        // With min() SQLite takes the other columns from the row that has the least: the first round's (its manual, "Bare columns"). What several
        // origins counted of an interval is added up.
        var (from, parameters) = Of(filter with { Meters = [filter.Meters[0]] }, last);
        var volume = IsOfRequests(filter) ? "sum(s.volume)" : "s.volume";
        var figures = $"SELECT min(s.round) AS round, s.resource_id, s.meter, s.project_id, {volume} AS volume, {PolicyColumn} AS storage_policy {from} GROUP BY s.resource_id";
        var (resources, total) = Connection.Query($"SELECT count(*), total(volume) FROM ({figures})", row => (row.GetInt64(0), row.GetDouble(1)), parameters).Single();
        var samples = Connection.Query($"SELECT * FROM ({figures}) ORDER BY volume DESC, resource_id LIMIT $count", SampleOf(filter, last), [.. parameters, ("$count", count)])
            .Select(sample => last.Length > 1 ? sample with { Origin = null } : sample).ToList();
        _store.RequireUnchanged();
        return new UsageTop(samples, resources, total);
    }

    public void Dispose() => _store.Dispose();

    private IEnumerable<DailyFigure> DailyOf(UsageFilter filter)
    {
        var rounds = Rounds(filter);
        if (filter.Since is null && rounds.Count > 0)
        {
            filter = filter with { Since = new DateTimeOffset(rounds[0].Time.Start.UtcDateTime.Date, TimeSpan.Zero) };
            rounds = Rounds(filter);
        }

        foreach (var day in rounds.GroupBy(round => DailyFigure.DayOf(round.Time)))
        {
            Round[] ofDay = [.. day];
            RoundTime[] periods = [.. ofDay.Select(round => round.Time).DistinctBy(time => time.Start)];
            foreach (var figure in DailyFigure.Of(AddUp(Figures(filter, ofDay)), periods))
            {
                yield return figure;
            }
        }
    }

    /// <summary>Gauges are of rounds, what requests add up to is of intervals: each has its own last one.</summary>
    private IEnumerable<UsageFilter> Kinds(UsageFilter filter) => filter.Meters
        .GroupBy(meter => meter is RequestMeter)
        .Where(kind => !kind.Key || _store.HasIntervals)
        .Select(kind => filter with { Meters = [.. kind] });

    /// <summary>The state of what the figures of a filter are in.</summary>
    private static string StateOf(UsageFilter filter) => IsOfRequests(filter) ? "interval" : "complete";

    private static bool IsOfRequests(UsageFilter filter) => filter.Meters is [RequestMeter, ..];

    /// <summary>What several origins counted of one thing in one interval is one figure.</summary>
    private static IEnumerable<Sample> AddUp(IEnumerable<Sample> samples)
    {
        Sample? sum = null;
        foreach (var sample in samples)
        {
            if (sum is not null && sum.ResourceId == sample.ResourceId && sum.Meter == sample.Meter && sum.Time.Start == sample.Time.Start)
            {
                sum = sum with { Volume = sum.Volume + sample.Volume, Origin = null };
                continue;
            }

            if (sum is not null)
            {
                yield return sum;
            }

            sum = sample;
        }

        if (sum is not null)
        {
            yield return sum;
        }
    }

    private string PolicyColumn => _store.HasPolicies ? "s.storage_policy" : "NULL";

    /// <summary>The complete rounds, by time, and those of one period as they were begun.</summary>
    private List<Round> Rounds(UsageFilter filter)
    {
        var complete = $"FROM round WHERE region = $region AND state = '{StateOf(filter)}'{(filter.Until is null ? "" : " AND time < $until")}";
        List<(string, object)> parameters = [("$region", filter.Region)];
        if (filter.Until is { } until)
        {
            parameters.Add(("$until", AsRoundTime(until)));
        }

        if (filter.Since is { } since)
        {
            parameters.Add(("$since", AsRoundTime(since)));
        }

        return [.. Connection.Query(
            $"SELECT id, time, period_seconds, {(_store.HasIntervals ? "origin" : "NULL")} {complete} AND time {(filter.Since is null ? $"= (SELECT max(time) {complete})" : ">= $since")} ORDER BY time, id",
            row => new Round(
                row.GetInt64(0),
                new RoundTime(DateTimeOffset.Parse(row.GetString(1), CultureInfo.InvariantCulture), TimeSpan.FromSeconds(row.GetInt64(2))),
                row.IsDBNull(3) ? null : row.GetString(3)),
            [.. parameters])];
    }

    /// <summary>The figures of some rounds, by resource and meter, and each's by time; the first of each id. One round has each id once, in whatever order.</summary>
    /// <param name="rounds">All complete rounds from the first one's time to the last one's.</param>
    private IEnumerable<Sample> Figures(UsageFilter filter, Round[] rounds)
    {
        var (from, parameters) = Of(filter, rounds);

        // Rows lie by the numbers of resources; by their names they are sorted by SQLite, beyond 2 MB on disk.
        var order = rounds.Length > 1 ? "ORDER BY s.resource_id, s.meter, r.time, r.id" : filter.InAnyOrder ? "" : "ORDER BY s.resource_id, s.meter";
        Sample? before = null;
        foreach (var sample in Connection.Query(
            $"SELECT s.round, s.resource_id, s.meter, s.project_id, s.volume, {PolicyColumn} {from} {order}", SampleOf(filter, rounds), parameters))
        {
            if (before is null || before.ResourceId != sample.ResourceId || before.Meter != sample.Meter || before.Time.Start != sample.Time.Start || before.Origin != sample.Origin)
            {
                yield return sample;
            }

            before = sample;
        }
    }

    /// <summary>Where the rows of some rounds are, as SQL; <c>s</c> is the sample, and where there are several rounds <c>r</c> its round.</summary>
    private static (string From, (string Name, object Value)[] Parameters) Of(UsageFilter filter, Round[] rounds)
    {
        List<(string, object)> parameters = [("$meters", JsonSerializer.Serialize(filter.Meters.Select(meter => meter.Name)))];
        var named = "";
        var isNamed = "";
        if (filter.Resources.Count > 0)
        {
            // One stretch of the index of names for each: all that is in it sorts after "name/", and before "name0", as 0 comes
            // after the slash. No pattern: names may have its wildcards in them.
            parameters.Add(("$resources", JsonSerializer.Serialize(filter.Resources)));
            named = "json_each($resources) n CROSS JOIN ";
            isNamed = " AND s.resource_id >= n.value AND s.resource_id < n.value || '0' AND (s.resource_id = n.value OR s.resource_id >= n.value || '/')";
        }

        string ofRounds;
        if (rounds.Length == 1)
        {
            ofRounds = "sample s WHERE s.round = $round";
            parameters.Add(("$round", rounds[0].Id));
        }
        else
        {
            ofRounds = $"round r CROSS JOIN sample s ON s.round = r.id WHERE r.region = $region AND r.state = '{StateOf(filter)}' AND r.time >= $first AND r.time <= $last";
            parameters.AddRange([("$region", filter.Region), ("$first", rounds[0].Time.ToString()), ("$last", rounds[^1].Time.ToString())]);
        }

        return ($"FROM {named}{ofRounds} AND s.meter IN (SELECT value FROM json_each($meters)){isNamed}", [.. parameters]);
    }

    private static Func<SqliteDataReader, Sample> SampleOf(UsageFilter filter, Round[] rounds)
    {
        var byId = rounds.ToDictionary(round => round.Id);
        return row => new Sample(Meters[row.GetString(2)], row.GetInt64(4), row.GetString(1), row.GetString(3), filter.Region, byId[row.GetInt64(0)].Time)
        {
            Origin = byId[row.GetInt64(0)].Origin,
            StoragePolicy = row.IsDBNull(5) ? null : row.GetString(5),
        };
    }

    /// <summary>As rounds have their time; of a second that has begun the next one, since no round is within a second.</summary>
    private static string AsRoundTime(DateTimeOffset time)
    {
        var begun = time.UtcTicks % TimeSpan.TicksPerSecond;
        var whole = time.UtcTicks - begun + (begun > 0 ? TimeSpan.TicksPerSecond : 0);
        return new RoundTime(new DateTimeOffset(Math.Min(whole, DateTimeOffset.MaxValue.UtcTicks), TimeSpan.Zero), default).ToString();
    }

    private readonly record struct Round(long Id, RoundTime Time, string? Origin);
}
