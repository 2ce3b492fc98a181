using Consometer.Delivery.Store;
using static Consometer.Tests.Delivery.Usage.KeptRounds;

namespace Consometer.Tests.Delivery.Usage;

/// <summary>A store that is read is left as it is, and nothing is made beside it.</summary>
public sealed class UsageFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("consometer.db")]
    [InlineData("a b#c%20?immutable=0&ü.db")]
    public void A_store_that_nobody_has_open_is_read_without_any_file_beside_it(string name)
    {
        using var rounds = new KeptRounds(name).Keep(0, ("a", 1)).Keep(1, ("a", 2));
        var before = File.ReadAllBytes(rounds.File);
        using (var query = UsageQuery.Open(rounds.File))
        {
            foreach (var sample in query.Samples(Ever()))
            {
                Assert.Equal("a", sample.ResourceId);
                Assert.Equal([rounds.File], Directory.GetFiles(rounds.Folder));
            }
        }

        Assert.Equal([rounds.File], Directory.GetFiles(rounds.Folder));
        Assert.Equal(before, File.ReadAllBytes(rounds.File));
    }

    /// <summary>What the writer has committed is in its log, and not in the file yet.</summary>
    [Fact]
    public void Beside_a_writer_what_is_whole_is_read_and_stays_one_state()
    {
        using var rounds = new KeptRounds();
        using var writer = SampleStore.Open(rounds.File);
        using var entry = writer.BeginRound(Hour(0), Region);
        entry.Keep(null, [Size("a", 1)]);
        using (var early = UsageQuery.Open(rounds.File))
        {
            Assert.Empty(early.Samples(All()));
            entry.End(StoredRows.Report());
            Assert.Empty(early.Samples(All()));
        }

        Assert.Equal(["0 a 1"], rounds.Read(All()));
        Assert.True(File.Exists($"{rounds.File}-wal"));
    }

    /// <summary>It was opened as a file that nobody writes. What is read of it after somebody did may be anything, and must not pass for figures.</summary>
    [Fact]
    public void A_store_that_is_written_while_it_is_read_as_a_quiet_one_is_told()
    {
        using var rounds = new KeptRounds().Keep(0, ("a", 1)).Keep(1, ("a", 2));
        File.SetLastWriteTimeUtc(rounds.File, DateTime.UnixEpoch);
        using var query = UsageQuery.Open(rounds.File);
        using var reading = query.Samples(Ever()).GetEnumerator();
        Assert.True(reading.MoveNext());

        rounds.Keep(2, ("a", 3));

        Assert.Contains("was written while it was read", Assert.Throws<StoreException>(() => Exhaust(reading)).Message, StringComparison.Ordinal);
        Assert.Throws<StoreException>(() => query.Top(All(), 1));
        Assert.Throws<StoreException>(() => query.Daily(All()).ToList());
    }

    [Fact]
    public void A_store_of_an_earlier_version_is_read_as_it_is()
    {
        using var rounds = new KeptRounds().Keep(Hour(0), Region, null, Of("storage.policies.objects", "a/gold", 3, "gold"), Size("a", 1));
        StoredRows.Read(rounds.File, """
            CREATE TABLE old AS SELECT round, resource_id, meter, project_id, volume FROM sample;
            DROP VIEW sample;
            ALTER TABLE old RENAME TO sample;
            DROP TABLE figure;
            DROP TABLE disagreement;
            PRAGMA user_version = 1;
            """);
        var before = File.ReadAllBytes(rounds.File);

        using var query = UsageQuery.Open(rounds.File);

        Assert.Equal(["0 a 1", "0 a/gold 3"], rounds.Read(All()));
        Assert.All(query.Samples(All()), sample => Assert.Null(sample.StoragePolicy));
        Assert.Single(query.Top(All() with { Meters = [Meter("storage.policies.objects")] }, 1).Samples);
        Assert.Equal(before, File.ReadAllBytes(rounds.File));
    }

    [Fact]
    public void A_missing_store_is_not_made_nor_its_folder()
    {
        Assert.Contains("there is none yet", Refused(_folder.Find("consometer.db")), StringComparison.Ordinal);
        Assert.Contains("there is none yet", Refused(_folder.Find("new/folder/consometer.db")), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void What_is_no_store_is_refused_and_left_as_it_is()
    {
        var text = _folder.Write("text", string.Concat(Enumerable.Repeat("not a database\n", 100)));
        var empty = _folder.Write("empty", "");
        var other = _folder.Find("other.db");
        StoredRows.Read(other, "CREATE TABLE notes (text TEXT)");
        var before = File.ReadAllBytes(other);

        Assert.Contains("not a database", Refused(text), StringComparison.Ordinal);
        Assert.Contains("no round was kept yet", Refused(empty), StringComparison.Ordinal);
        Assert.Contains("not Consometer's", Refused(other), StringComparison.Ordinal);
        Assert.Contains(_folder.Path, Refused(_folder.Path), StringComparison.Ordinal);
        Assert.Contains("there is none", Refused(Path.Combine(text, "consometer.db")), StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(other));
        Assert.Equal(3, Directory.GetFiles(_folder.Path).Length);
    }

    [Fact]
    public void A_store_of_a_later_version_is_refused_and_says_which()
    {
        using var rounds = new KeptRounds().Keep(0, ("a", 1));
        StoredRows.Read(rounds.File, "PRAGMA user_version = 99");

        Assert.Contains("found 99", Refused(rounds.File), StringComparison.Ordinal);
    }

    private static void Exhaust(IEnumerator<Consometer.Metering.Samples.Sample> reading)
    {
        while (reading.MoveNext())
        {
        }
    }

    private static string Refused(string path)
    {
        var message = Assert.Throws<StoreException>(() => UsageQuery.Open(path)).Message;
        Assert.StartsWith($"store {path}", message, StringComparison.Ordinal);
        return message;
    }
}
