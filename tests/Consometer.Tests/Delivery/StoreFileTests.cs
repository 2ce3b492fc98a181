using Consometer.Delivery.Store;
using Consometer.Metering;
using Microsoft.Data.Sqlite;

namespace Consometer.Tests.Delivery;

/// <summary>The store's file: who may read it, and whose files are left alone.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class StoreFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_file_and_its_folder_are_made_and_nobody_else_may_read_it()
    {
        var file = Path.Combine(_folder.Path, "new", "folder", "consometer.db");
        using (var store = SampleStore.Open(file))
        {
            Assert.Equal(file, store.Path);
            Assert.All(Directory.GetFiles(Path.GetDirectoryName(file)!), IsPrivate);
        }

        SampleStore.Open(file).Dispose();
        IsPrivate(file);
        Assert.Equal([file], Directory.GetFiles(Path.GetDirectoryName(file)!));

        static void IsPrivate(string file) =>
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(file));
    }

    [Fact]
    public void A_folder_or_a_place_below_a_file_is_refused()
    {
        var file = _folder.Write("file", "");

        Assert.Contains(_folder.Path, Refused(_folder.Path), StringComparison.Ordinal);
        Assert.Contains(file, Refused(Path.Combine(file, "consometer.db")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_and_left_as_it_is()
    {
        var file = _folder.Write("text", string.Concat(Enumerable.Repeat("not a database\n", 100)));
        var before = File.ReadAllBytes(file);

        Assert.Contains("not a database", Refused(file), StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(file));
    }

    [Fact]
    public void A_database_of_somebody_else_is_refused_and_left_as_it_is()
    {
        var file = _folder.Find("other.db");
        Execute(file, "CREATE TABLE notes (text TEXT)");
        var before = File.ReadAllBytes(file);

        Assert.Contains("not Consometer's", Refused(file), StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(file));
        Assert.Equal([file], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_database_of_a_later_version_is_refused_and_says_which()
    {
        var file = _folder.Find("consometer.db");
        SampleStore.Open(file).Dispose();
        Execute(file, "PRAGMA user_version = 99");

        Assert.Contains("found 99", Refused(file), StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_file_becomes_a_store()
    {
        SampleStore.Open(_folder.Write("consometer.db", "")).Dispose();
    }

    /// <summary>Without its locks another process that comes and goes takes the log for a dead one's, and deletes it under whoever writes.</summary>
    [Fact]
    public void Whoever_else_looks_in_the_same_process_takes_no_locks_from_who_writes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "locks are seen the Linux way");
        var file = _folder.Find("consometer.db");
        using var store = SampleStore.Open(file);
        using (var entry = store.BeginRound(RoundTime.At(ManualClock.Start, TimeSpan.FromHours(1)), "RegionOne"))
        {
            entry.End(StoredRows.Report());
        }

        var held = LocksOn(file);
        Assert.NotEmpty(held);
        RoundHistory.Open(file, "RegionOne").Dispose();
        UsageQuery.Open(file).Dispose();
        SampleStore.Open(file).Dispose();
        Outbox.Open(file).Dispose();

        Assert.Equal(held, LocksOn(file));
    }

    /// <summary>The locks on a file that is open, as the kernel lists them: kind, and from where to where.</summary>
    private static string[] LocksOn(string file)
    {
        var open = Directory.GetFiles("/proc/self/fd").First(each => File.ResolveLinkTarget(each, returnFinalTarget: false)?.FullName == file);
        var inode = File.ReadLines($"/proc/self/fdinfo/{Path.GetFileName(open)}").First(line => line.StartsWith("ino:", StringComparison.Ordinal))["ino:".Length..].Trim();
        return [.. File.ReadAllLines("/proc/locks").Where(line => line.Contains("POSIX", StringComparison.Ordinal) && line.Contains($":{inode} ", StringComparison.Ordinal)).Select(line => line[line.IndexOf("POSIX", StringComparison.Ordinal)..]).Order()];
    }

    private static string Refused(string path)
    {
        var message = Assert.Throws<StoreException>(() => SampleStore.Open(path)).Message;
        Assert.StartsWith("store ", message, StringComparison.Ordinal);
        return message;
    }

    private static void Execute(string file, string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
