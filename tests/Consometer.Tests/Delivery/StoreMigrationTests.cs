using Consometer.Delivery.Store;
using Consometer.Metering;
using Consometer.Metering.Polling;
using Consometer.Metering.Samples;
using Consometer.Swift.Accounts;

namespace Consometer.Tests.Delivery;

/// <summary>Databases that earlier versions made, opened by this one.</summary>
public sealed class StoreMigrationTests : IDisposable
{
    /// <summary>The schema of version 1, as it was.</summary>
    private const string Version1 = """
        CREATE TABLE round (
            id INTEGER PRIMARY KEY AUTOINCREMENT,   -- never given twice: a writer may outlive its round
            time TEXT NOT NULL,               -- 2026-11-21T13:00:00Z: the start of its period
            period_seconds INTEGER NOT NULL,
            region TEXT NOT NULL,
            state TEXT NOT NULL,              -- running, complete, failed or abandoned
            report TEXT                       -- JSON, once it has ended
        );
        CREATE INDEX round_time ON round (region, time);
        CREATE TABLE sample (
            round INTEGER NOT NULL,
            resource_id TEXT NOT NULL,
            meter TEXT NOT NULL,
            project_id TEXT NOT NULL,
            volume INTEGER NOT NULL,
            PRIMARY KEY (round, resource_id, meter)
        ) WITHOUT ROWID;
        CREATE TABLE not_measured (
            round INTEGER NOT NULL,
            account TEXT NOT NULL,
            project_id TEXT NOT NULL,
            outcome TEXT NOT NULL,            -- absent, deleted or unknown
            reason TEXT,                      -- of unknown: what each replica said
            PRIMARY KEY (round, account)
        ) WITHOUT ROWID;
        PRAGMA application_id = 1129206605;
        PRAGMA user_version = 1;
        INSERT INTO round (time, period_seconds, region, state, report) VALUES ('2026-11-21T12:00:00Z', 3600, 'RegionOne', 'complete', '{}');
        INSERT INTO round (time, period_seconds, region, state) VALUES ('2026-11-21T12:00:00Z', 3600, 'RegionOne', 'abandoned');
        INSERT INTO sample VALUES (1, 'a', 'storage.objects', 'a', 7), (2, 'b', 'storage.objects', 'b', 8);
        INSERT INTO not_measured VALUES (1, 'AUTH_c', 'c', 'deleted', NULL);
        """;

    private static readonly RoundTime Time = RoundTime.At(new DateTimeOffset(2026, 11, 21, 13, 0, 0, TimeSpan.Zero), TimeSpan.FromHours(1));

    private readonly TempFolder _folder = new();

    private string File => _folder.Find("consometer.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_database_of_version_1_keeps_what_it_has_and_takes_what_is_new()
    {
        Read(Version1);
        using var store = SampleStore.Open(File);
        Assert.Equal(Time.Start.AddHours(-1), store.LastRound("RegionOne"));

        using var entry = store.BeginRound(Time, "RegionOne");
        var usage = new AccountUsage(1, 2, 3) { Policies = [new PolicyUsage("gold", 1, 2, 3)] };
        var outcome = new AccountOutcome.Measured(new Account("AUTH_a", "a", "a"), usage);
        Sample[] samples = [.. new SampleMaker(MeterCatalogue.All, "RegionOne", absentIsZero: true).SamplesOf(outcome, Time)];
        entry.Keep(outcome, samples);

        // Ended by its disposal alone: what matters here is that it can be written and read.
        entry.Keep(null, [.. Enumerable.Range(0, 10_000).Select(i => samples[3] with { ResourceId = $"a/{i}" })]);
        Assert.Equal(["7"], Read("SELECT volume FROM sample WHERE resource_id = 'a' AND round = 1 AND storage_policy IS NULL"));
        Assert.Equal(["gold"], Read("SELECT storage_policy FROM sample WHERE resource_id = 'a/gold' AND meter = 'storage.policies.objects.size'"));
        Assert.Empty(Read("SELECT volume FROM sample WHERE resource_id = 'b'"));
        Assert.Equal(["AUTH_c"], Read("SELECT account FROM not_measured"));
    }

    [Fact]
    public void A_database_of_version_1_becomes_what_a_new_one_is_and_stays_so()
    {
        Read(Version1);
        for (var i = 0; i < 2; i++)
        {
            SampleStore.Open(File).Dispose();
            Assert.Equal(["5"], Read("PRAGMA user_version"));
        }

        const string Columns = "SELECT m.name || ' ' || c.name || ' ' || c.type || c.\"notnull\" || c.pk FROM sqlite_master m, pragma_table_info(m.name) c ORDER BY m.name, c.cid";
        var migrated = Read(Columns);
        SampleStore.Open(_folder.Find("new.db")).Dispose();

        Assert.Equal(Read(Columns, _folder.Find("new.db")), migrated);
        Assert.Contains("disagreement readings TEXT10", migrated);
        Assert.Contains("resource storage_policy TEXT10", migrated);
        Assert.Contains("outbox body BLOB10", migrated);
        Assert.Contains("project last_listed TEXT00", migrated);
    }

    /// <summary>A round's disagreements go with it, as its other rows do: when it is a leftover, and when another takes its place.</summary>
    [Fact]
    public void Disagreements_go_with_their_round()
    {
        using (SampleStore.Open(File))
        {
        }

        Read("""
            INSERT INTO round (id, time, period_seconds, region, state) VALUES
                (1, '2026-11-21T13:00:00Z', 3600, 'RegionOne', 'complete'), (2, '2026-11-21T13:00:00Z', 3600, 'RegionOne', 'failed'),
                (3, '2026-11-21T13:00:00Z', 3600, 'RegionOne', 'abandoned'), (4, '2026-10-01T00:00:00Z', 3600, 'RegionOne', 'running');
            INSERT INTO disagreement SELECT id, 'AUTH_a', 'two said 7, one said 8' FROM round;
            """);

        using var store = SampleStore.Open(File);
        using var entry = store.BeginRound(Time, "RegionOne");
        Assert.Equal(["1", "2"], Read("SELECT round FROM disagreement ORDER BY round"));

        entry.End(StoredRows.Report());
        Assert.Equal(["1"], Read("SELECT round FROM disagreement"));
    }

    private List<string> Read(string sql, string? file = null) => StoredRows.Read(file ?? File, sql);
}
