using System.Security.Cryptography;

namespace Consometer.Scenarios.Lab;

/// <summary>How a round ended that two daemons shared, as the coordinator tells the others: one had the lab's ring, one another.</summary>
internal static class EndedRound
{
    public const string Time = "2026-11-21T13:00:00Z";

    public static string OtherRing { get; } = new('0', 32);

    public static string OwnRing => Convert.ToHexStringLower(MD5.HashData(File.ReadAllBytes("/etc/swift/account.ring.gz")));

    public static string Json => $$"""
        {"round": {"id": "0f3c2d1e-0000-4000-8000-000000000000", "region": "RegionOne", "start": "2026-11-21T13:00:00+00:00", "period_seconds": 3600},
         "report": {"round_time": "{{Time}}", "started": "2026-11-21T13:00:00+00:00", "seconds": 9, "listing_seconds": 1, "accounts": 20, "measured": 10, "absent": 0,
                    "deleted": 0, "unknown": 10, "unknown_by_reason": {"late": 5, "not_reported": 5}, "disagreeing": 0, "unlisted": 0, "samples": 30, "nodes": [],
                    "tasks": {"published": 4, "done": 2, "redelivered": 1, "late": 1, "poison": 0, "not_reported": 1},
                    "workers": [{"worker": "here/1", "tasks": 1, "redelivered": 0, "accounts": 5, "ring_md5": "{{OwnRing}}"},
                                {"worker": "there/2", "tasks": 1, "redelivered": 1, "accounts": 5, "ring_md5": "{{OtherRing}}"}]},
         "remarks": []}
        """;
}
