using System.Globalization;

namespace Consometer.Delivery.Store;

/// <summary>The tables of the store, and how a database gets them: a new one all, one of an earlier version what it lacks.</summary>
internal static class StoreSchema
{
    /// <summary>Marks the file as ours (<c>PRAGMA application_id</c>): "CNSM".</summary>
    private const long ApplicationId = 0x434e534d;

    private const long LookedThroughBytesMax = 64 << 20;

    /// <summary>Holds the names of some hundred thousand accounts: they are looked up for each round.</summary>
    private const int CacheKibibytes = 32 << 10;

    /// <summary>Of 4 KiB. The log goes into the database when it has so many: each time, both are synced.</summary>
    private const int CheckpointPages = 8192;

    /// <summary>
    /// Each makes the next version of the one before; what was released stays as it is. Since version 3 a round may be <c>partial</c>
    /// too, of accounts that were named: no period's own; and <c>expired</c>: its samples are gone, its report stays. <c>not_measured</c> has the outcome <c>orphan</c> too.
    /// Since version 4 a round may be an <c>interval</c> of requests, that was counted by its origin; it has no report. Since version 5 it may be a <c>task</c> of a shared round, which has none either.
    /// </summary>
    private static readonly string[] Versions =
    [
        """
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
            outcome TEXT NOT NULL,            -- absent, deleted, unknown, or unlisted: measured but for its containers
            reason TEXT,                      -- of unknown: out_of_time if it was, and what each replica said
            PRIMARY KEY (round, account)
        ) WITHOUT ROWID;
        """,
        """
        ALTER TABLE sample ADD COLUMN storage_policy TEXT;   -- of a policy's and a container's samples, where it is known
        CREATE TABLE disagreement (           -- accounts whose replicas gave different figures
            round INTEGER NOT NULL,
            account TEXT NOT NULL,
            readings TEXT NOT NULL,           -- what each replica said
            PRIMARY KEY (round, account)
        ) WITHOUT ROWID;
        """,
        """
        CREATE TABLE outbox (                 -- messages until the broker has confirmed them; those of rounds that run are not sent yet
            id INTEGER PRIMARY KEY AUTOINCREMENT,   -- their order; never given twice: a pump may hold one that is gone
            round INTEGER NOT NULL,
            format TEXT NOT NULL,             -- consometer or ceilometer: each is delivered by itself
            samples INTEGER NOT NULL,
            body BLOB NOT NULL
        );
        CREATE INDEX outbox_format ON outbox (format);
        CREATE INDEX outbox_round ON outbox (round);

        -- A name is stored once, not in each round: a figure takes a tenth of what it did, and is written where the one before it was.
        CREATE TABLE resource (
            id INTEGER PRIMARY KEY,
            resource_id TEXT NOT NULL,
            project_id TEXT NOT NULL,
            storage_policy TEXT NOT NULL,     -- empty where there is none, or it is not known
            UNIQUE (resource_id, project_id, storage_policy)
        );
        CREATE TABLE meter (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        CREATE TABLE figure (
            round INTEGER NOT NULL,
            resource INTEGER NOT NULL,
            meter INTEGER NOT NULL,
            volume INTEGER NOT NULL,
            PRIMARY KEY (round, resource, meter)
        ) WITHOUT ROWID;
        INSERT INTO meter (name) SELECT DISTINCT meter FROM sample;
        INSERT INTO resource (resource_id, project_id, storage_policy) SELECT DISTINCT resource_id, project_id, ifnull(storage_policy, '') FROM sample;
        INSERT INTO figure SELECT sample.round, resource.id, meter.id, sample.volume
        FROM sample JOIN resource USING (resource_id, project_id) JOIN meter ON meter.name = sample.meter
        WHERE resource.storage_policy = ifnull(sample.storage_policy, '');
        DROP TABLE sample;
        CREATE VIEW sample AS
        SELECT figure.round AS round, resource.resource_id AS resource_id, meter.name AS meter, resource.project_id AS project_id,
            figure.volume AS volume, nullif(resource.storage_policy, '') AS storage_policy
        FROM figure JOIN resource ON resource.id = figure.resource JOIN meter ON meter.id = figure.meter;

        CREATE TABLE project_list (           -- the list of projects that Keystone gave last, of each region
            id INTEGER PRIMARY KEY,
            region TEXT NOT NULL UNIQUE,
            filter TEXT NOT NULL,             -- which projects were asked for
            made TEXT                         -- 2026-11-21T13:00:00Z; null while the first one is written
        );
        CREATE TABLE project (
            list INTEGER NOT NULL,
            project_id TEXT NOT NULL,
            last_listed TEXT,                 -- null while it is on the list; else the time of the last list that it was on
            PRIMARY KEY (list, project_id)
        ) WITHOUT ROWID;
        CREATE INDEX project_vanished ON project (list, last_listed) WHERE last_listed IS NOT NULL;
        """,
        """
        ALTER TABLE round ADD COLUMN origin TEXT;
        CREATE INDEX round_state ON round (state, time);   -- intervals are many: what is left, or too old, is found without going through them
        CREATE TABLE access_log (             -- the logs whose requests are counted, and how far they are
            id INTEGER PRIMARY KEY,
            region TEXT NOT NULL,
            origin TEXT NOT NULL,             -- host and log
            since TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),   -- since when; by the clock that files have their times of
            closed_until TEXT,                -- 2026-11-21T13:05:00Z: the intervals before it are complete; null while none is
            bytes_read INTEGER,               -- of a file
            tail BLOB,                        -- the last bytes that were read, by which it is known again
            UNIQUE (region, origin)
        );
        CREATE TABLE traffic (                -- what was counted of the intervals that are open
            log INTEGER NOT NULL,
            time TEXT NOT NULL,               -- the start of the interval
            period_seconds INTEGER NOT NULL,
            account TEXT NOT NULL,
            container TEXT NOT NULL,          -- empty for the account's own
            meter INTEGER NOT NULL,
            volume INTEGER NOT NULL,
            PRIMARY KEY (log, time, account, container, meter)
        ) WITHOUT ROWID;
        CREATE TABLE held_line (              -- lines of which it is not clear yet whether they are a client's, in their order
            log INTEGER NOT NULL,
            place INTEGER NOT NULL,
            line BLOB NOT NULL,
            PRIMARY KEY (log, place)
        ) WITHOUT ROWID;
        """,
        """
        -- Nothing but a state more: an earlier version would not send the messages of tasks.
        """,
    ];

    /// <summary>The first version whose samples have a storage policy.</summary>
    public const int VersionWithPolicies = 2;

    /// <summary>The first version that has intervals of requests.</summary>
    public const int VersionWithIntervals = 4;

    /// <summary>The tables that hold what a round has of its accounts, each with a column <c>round</c>.</summary>
    public static IReadOnlyList<string> TablesOfRounds { get; } = ["figure", "not_measured", "disagreement", "outbox"];

    /// <summary>Makes a database this version's, and sets how it is written.</summary>
    /// <exception cref="StoreException">It is not ours, or of a later version, or cannot be written.</exception>
    public static void Prepare(StoreConnection connection)
    {
        // Looked at before anything is set: the journal mode would change a database of somebody else.
        _ = VersionOf(connection);
        RequireSound(connection);
        connection.Execute("PRAGMA journal_mode = WAL");
        connection.Execute("PRAGMA synchronous = NORMAL");
        connection.Execute($"PRAGMA cache_size = -{CacheKibibytes}");
        SetCheckpoints(connection);
        connection.InTransaction(() =>
        {
            var version = VersionOf(connection);
            if (version < Versions.Length)
            {
                connection.Execute(string.Join('\n', Versions[version..]));
                connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Versions.Length}"));
            }
        });
    }

    /// <summary>Every connection that writes has its own idea of when the log goes into the database.</summary>
    public static void SetCheckpoints(StoreConnection connection) => connection.Execute($"PRAGMA wal_autocheckpoint = {CheckpointPages}");

    /// <summary>Bytes of the database that are in use.</summary>
    public static long UsedBytes(StoreConnection connection) => (long)connection.Scalar(
        "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size")!;

    /// <summary>Damage that a look finds is told at once, and not in the middle of a round; a large file takes longer than that is worth.</summary>
    private static void RequireSound(StoreConnection connection)
    {
        var bytes = (long)connection.Scalar("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")!;
        var found = bytes > LookedThroughBytesMax ? null : connection.Scalar("PRAGMA quick_check(1)");
        if (found is not (null or "ok"))
        {
            throw connection.WrongFile($"is damaged: {found}");
        }
    }

    /// <summary>The version of a database of ours; 0 of one with nothing in it yet.</summary>
    /// <exception cref="StoreException">Something is in it that is not ours, or of a later version.</exception>
    public static int VersionOf(StoreConnection connection)
    {
        // One statement, so that it sees one state of the database while another process may be making it.
        var (applicationId, version, isFilled) = connection.Query(
            "SELECT application_id, user_version, (SELECT count(*) > 0 FROM sqlite_master) FROM pragma_application_id, pragma_user_version",
            row => (row.GetInt64(0), row.GetInt32(1), row.GetBoolean(2))).Single();
        if (applicationId == 0 && !isFilled)
        {
            return 0;
        }

        if (applicationId != ApplicationId)
        {
            throw connection.WrongFile("is a database, but not Consometer's");
        }

        return version >= 1 && version <= Versions.Length
            ? version
            : throw connection.Failure($"wanted schema 1 to {Versions.Length}, found {version}: of another version of Consometer");
    }
}
