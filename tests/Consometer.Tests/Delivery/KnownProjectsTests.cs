using System.Globalization;
using Consometer.Delivery.Store;

namespace Consometer.Tests.Delivery;

/// <summary>The list of projects in the store: what is written of each new one, and what is known afterwards.</summary>
public sealed class KnownProjectsTests : IDisposable
{
    private static readonly DateTimeOffset First = ManualClock.Start;
    private static readonly DateTimeOffset Second = First.AddHours(1);
    private static readonly DateTimeOffset Third = First.AddHours(2);

    private readonly TempFolder _folder = new();
    private readonly SampleStore _store;
    private readonly KnownProjects _known;

    public KnownProjectsTests()
    {
        _store = SampleStore.Open(File);
        _known = _store.KnownProjects("RegionOne", "all");
    }

    private string File => _folder.Find("consometer.db");

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Of_a_store_without_a_list_nothing_is_known()
    {
        Assert.Null(_known.MadeAt());
        Assert.Empty(_known.Listed());
        Assert.Empty(_known.Vanished(DateTimeOffset.MinValue));
    }

    [Fact]
    public void The_last_list_is_kept_over_a_restart()
    {
        Take(First, "a", "b", "'; --", "ü漢😀");
        _store.Dispose();

        using var again = SampleStore.Open(File);
        var known = again.KnownProjects("RegionOne", "all");

        Assert.Equal(First, known.MadeAt());
        Assert.Equal(new HashSet<string> { "a", "b", "'; --", "ü漢😀" }, known.Listed().ToHashSet());
    }

    [Fact]
    public void Who_is_not_listed_any_more_has_vanished_with_the_time_of_its_last_list_until_it_is_listed_again()
    {
        Take(First, "a", "b", "c");
        Take(Second, "b", "d");
        Assert.Equal([new VanishedProject("a", First), new VanishedProject("c", First)], _known.Vanished(DateTimeOffset.MinValue));

        Take(Third, "a", "d");
        Assert.Equal([new VanishedProject("b", Second), new VanishedProject("c", First)], _known.Vanished(DateTimeOffset.MinValue));
        Assert.Equal([new VanishedProject("b", Second)], _known.Vanished(First));
        Assert.Equal(["a", "d"], _known.Listed().Order());
        Assert.Equal(Third, _known.MadeAt());
    }

    [Fact]
    public void Who_vanished_is_forgotten_after_its_time_and_at_once_where_there_is_none()
    {
        Take(First, "a", "b");
        Take(Second, "b");
        _known.Take(new HashSet<string>(), Third, forgetUntil: First, TestContext.Current.CancellationToken);
        Assert.Equal([new VanishedProject("b", Second)], _known.Vanished(DateTimeOffset.MinValue));

        _known.Take(new HashSet<string>(), Third, forgetUntil: Third, TestContext.Current.CancellationToken);
        Assert.Equal(["0"], Read("SELECT count(*) FROM project"));
    }

    [Fact]
    public void An_empty_list_is_a_list()
    {
        Take(First, "a");
        Take(Second);

        Assert.Equal(Second, _known.MadeAt());
        Assert.Empty(_known.Listed());
        Assert.Equal("a", Assert.Single(_known.Vanished(First.AddSeconds(-1))).Id);
    }

    [Fact]
    public void A_list_of_another_filter_is_none_and_makes_nobody_vanish()
    {
        Take(First, "a", "b");
        Take(Second, "b");
        var other = _store.KnownProjects("RegionOne", "enabled");
        Assert.Equal((null, 0, 0), (other.MadeAt(), other.Listed().Count, other.Vanished(DateTimeOffset.MinValue).Count));

        other.Take(new HashSet<string> { "b" }, Third, DateTimeOffset.MinValue, TestContext.Current.CancellationToken);

        Assert.Equal(["b"], other.Listed());
        Assert.Empty(other.Vanished(DateTimeOffset.MinValue));
        Assert.Null(_known.MadeAt());
    }

    [Fact]
    public void Each_region_has_a_list_of_its_own()
    {
        Take(First, "a");
        var other = _store.KnownProjects("RegionTwo", "all");
        other.Take(new HashSet<string> { "b" }, Second, DateTimeOffset.MinValue, TestContext.Current.CancellationToken);

        Assert.Equal(["a"], _known.Listed());
        Assert.Equal(["b"], other.Listed());
        Assert.Empty(other.Vanished(DateTimeOffset.MinValue));
    }

    /// <summary>Stopped, as by SIGTERM: part of it would pass for all projects there are.</summary>
    [Fact]
    public void A_first_list_that_was_not_written_to_its_end_is_none()
    {
        Assert.Throws<OperationCanceledException>(() => _known.Take(new HashSet<string> { "a" }, First, DateTimeOffset.MinValue, new CancellationToken(canceled: true)));
        Read("INSERT INTO project (list, project_id) VALUES (1, 'half')");
        Assert.Equal((null, 0), (_known.MadeAt(), _known.Listed().Count));

        Take(Second, "a");
        Assert.Equal(["a"], _known.Listed());
        Assert.Empty(_known.Vanished(DateTimeOffset.MinValue));
    }

    [Fact]
    public void Only_who_has_vanished_can_be_forgotten()
    {
        Take(First, "a", "b", "c");
        Take(Second, "a");
        using var connection = StoreConnection.Open(File, File);
        KnownProjects.Forget(connection, "RegionTwo", ["b"]);
        KnownProjects.Forget(connection, "RegionOne", ["a", "c", "nobody"]);

        Assert.Equal(["a"], _known.Listed());
        Assert.Equal("b", Assert.Single(_known.Vanished(DateTimeOffset.MinValue)).Id);
    }

    /// <summary>A trigger counts the rows that are touched: of a long list, five differences are five rows.</summary>
    [Fact]
    public void Of_many_projects_only_what_is_other_is_written()
    {
        var ids = Enumerable.Range(0, 100_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"{(uint)(i * 2654435761L):x8}{i:x24}")).ToHashSet(StringComparer.Ordinal);
        _known.Take(ids, First, DateTimeOffset.MinValue, TestContext.Current.CancellationToken);
        Read("""
            CREATE TABLE touched (project_id TEXT);
            CREATE TRIGGER inserted AFTER INSERT ON project BEGIN INSERT INTO touched VALUES (NEW.project_id); END;
            CREATE TRIGGER updated AFTER UPDATE ON project BEGIN INSERT INTO touched VALUES (NEW.project_id); END;
            CREATE TRIGGER deleted AFTER DELETE ON project BEGIN INSERT INTO touched VALUES (OLD.project_id); END;
            """);
        string[] gone = [.. ids.Take(3)];
        ids.ExceptWith(gone);
        ids.UnionWith(["new1", "new2"]);

        _known.Take(ids, Second, DateTimeOffset.MinValue, TestContext.Current.CancellationToken);

        Assert.Equal(gone.Append("new1").Append("new2").Order(), Read("SELECT project_id FROM touched").Order());
        Assert.Equal(["99999"], Read("SELECT count(*) FROM project WHERE last_listed IS NULL"));
    }

    private void Take(DateTimeOffset now, params string[] ids) =>
        _known.Take(ids.ToHashSet(StringComparer.Ordinal), now, DateTimeOffset.MinValue, TestContext.Current.CancellationToken);

    private List<string> Read(string sql) => StoredRows.Read(File, sql);
}
