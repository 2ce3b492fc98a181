using Consometer.Delivery.Formats;
using Consometer.Delivery.Publishing;
using Consometer.Delivery.Store;
using Consometer.Metering;
using Consometer.Metering.Requests;
using Consometer.Metering.Requests.Sources;
using Consometer.Metering.Samples;

namespace Consometer.Tests.Delivery;

/// <summary>Intervals of a minute with just the figures that a test wants, 13:00 being the first.</summary>
internal static class KeptIntervals
{
    public const string Region = "RegionOne";

    public static readonly ResellerPrefixes Prefixes = new(["AUTH_"]);

    public static readonly Publication Publication = new(new ConsometerFormat(), 200, new Destination("exchange", "key", Queue: null, Durability: null));

    public static RoundTime Minute(int minute) => RoundTime.At(ManualClock.Start.AddMinutes(minute), TimeSpan.FromMinutes(1));

    public static LogPosition At(long offset) => new(offset, [1, 2, 3]);

    /// <summary>Figures of outgoing bytes, by account.</summary>
    public static IntervalTraffic Traffic(int minute, params (string Account, long Bytes)[] figures)
    {
        var tally = new TrafficTally(TimeSpan.FromMinutes(1), 100, Prefixes);
        var reader = new AccessLogReader(LogLayout.Parse(LogLayout.Default, out _)!, new ClientNetworks([], []), tally);
        foreach (var (account, bytes) in figures)
        {
            var line = Daemon.ScriptedLog.Line(Minute(minute).Start, path: $"/v1/{account}/c/o", sent: bytes);
            reader.Read(System.Text.Encoding.UTF8.GetBytes(line), Minute(minute).Start);
        }

        return tally.Of(Minute(minute).Start);
    }

    /// <summary>Keeps an interval, and completes it.</summary>
    public static void Keep(SampleStore store, string origin, int minute, params (string Account, long Bytes)[] figures)
    {
        using var log = store.CountedLog(Region, origin);
        var traffic = Traffic(minute, figures);
        log.Keep([traffic], null, []);
        Close(log, traffic);
    }

    /// <summary>Completes an interval with the samples of outgoing bytes, and a message of them.</summary>
    public static (int Made, int Withheld) Close(CountedLog log, IntervalTraffic traffic) =>
        log.Close(traffic.Time, Samples(log, traffic), new NewRound(traffic.Time, Region) { Publications = [Publication] });

    public static IEnumerable<Sample> Samples(CountedLog log, IntervalTraffic traffic) =>
        traffic.All.SelectMany(each => traffic.SamplesOf(each, [RequestMeters.All[RequestMeters.Outgoing]], log.Region, log.Origin));
}
