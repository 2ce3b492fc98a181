using System.Collections;
using System.Globalization;

namespace Consometer.Delivery.Store;

/// <summary>A project that was on a list of Keystone's and is on it no more.</summary>
/// <param name="Id">Its id.</param>
/// <param name="LastListed">When the last list was made that it was on.</param>
public sealed record VanishedProject(string Id, DateTimeOffset LastListed);

/// <summary>
/// The projects of a region as Keystone listed them last, and those that it listed before: of a new list only what is other is written.
/// It is the store's connection that is used here, so while a list is taken or read nothing else may be asked of the store.
/// </summary>
public sealed class KnownProjects
{
    /// <summary>In a transaction: whoever else writes waits no longer than for so many.</summary>
    private const int RowsPerCommit = 10_000;

    private readonly StoreConnection _connection;
    private readonly string _region;
    private readonly string _filter;

    internal KnownProjects(StoreConnection connection, string region, string filter)
    {
        _connection = connection;
        _region = region;
        _filter = filter;
    }

    /// <summary>When the list that is kept was made; null if there is none, or it is of another filter.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public DateTimeOffset? MadeAt() => Find()?.Made;

    /// <summary>The ids of the list that is kept.</summary>
    /// <exception cref="StoreException">They cannot be read.</exception>
    public IReadOnlyList<string> Listed() => Find() is { Made: not null } list
        ? [.. _connection.Query("SELECT project_id FROM project WHERE list = $list AND last_listed IS NULL", row => row.GetString(0), ("$list", list.Id))]
        : [];

    /// <summary>The projects that were listed once, and are no more.</summary>
    /// <param name="since">Only those that were still listed then or later.</param>
    /// <exception cref="StoreException">They cannot be read.</exception>
    public IReadOnlyList<VanishedProject> Vanished(DateTimeOffset since) => Find() is { Made: not null } list
        ? [.. _connection.Query(
            "SELECT project_id, last_listed FROM project WHERE list = $list AND last_listed > $since ORDER BY project_id",
            row => new VanishedProject(row.GetString(0), Parse(row.GetString(1))),
            ("$list", list.Id),
            ("$since", Text(since)))]
        : [];

    /// <summary>Takes Keystone's list for the one that holds: who was on the one before, and is not on this, has vanished.</summary>
    /// <param name="listed">The ids, each once.</param>
    /// <param name="now">When it was made.</param>
    /// <param name="forgetUntil">Projects that were listed then for the last time, or earlier, are forgotten.</param>
    /// <param name="stopping">Gives up between two transactions; the next list makes up for it.</param>
    /// <exception cref="StoreException">It cannot be written.</exception>
    public void Take(IReadOnlyCollection<string> listed, DateTimeOffset now, DateTimeOffset forgetUntil, CancellationToken stopping)
    {
        var list = Find() is { Made: not null } kept ? kept : Begin(stopping);
        var (sorted, isKept, vanished) = Compare(listed, list.Id);
        Write(
            "INSERT INTO project (list, project_id) VALUES ($list, $project) ON CONFLICT (list, project_id) DO UPDATE SET last_listed = NULL",
            list.Id, sorted.Where((_, i) => !isKept[i]), stopping);
        if (vanished.Count > 0)
        {
            Write(
                $"UPDATE project SET last_listed = '{Text(list.Made!.Value)}' WHERE list = $list AND project_id = $project AND last_listed IS NULL",
                list.Id, vanished, stopping);
        }

        DeleteParts(list.Id, $"last_listed <= '{Text(forgetUntil)}'", stopping);
        _connection.Execute("UPDATE project_list SET made = $made WHERE id = $list", ("$made", Text(now)), ("$list", list.Id));
    }

    /// <summary>Forgets projects of a region that have vanished; one that is listed stays.</summary>
    internal static void Forget(StoreConnection connection, string region, IEnumerable<string> projects)
    {
        using var delete = connection.Prepare(
            "DELETE FROM project WHERE list = (SELECT id FROM project_list WHERE region = $region) AND project_id = $project AND last_listed IS NOT NULL");
        foreach (var part in projects.Chunk(RowsPerCommit))
        {
            connection.InTransaction(() => Array.ForEach(part, project => delete.Run(region, project)));
        }
    }

    private KeptList? Find() => _connection.Query(
        "SELECT id, made FROM project_list WHERE region = $region AND filter = $filter",
        row => new KeptList(row.GetInt64(0), row.IsDBNull(1) ? null : Parse(row.GetString(1))),
        ("$region", _region),
        ("$filter", _filter)).FirstOrDefault();

    /// <summary>
    /// A first list. Whatever is there is of another filter, where who is not listed has not vanished; or it is what a first list left that
    /// was not written to its end.
    /// </summary>
    private KeptList Begin(CancellationToken stopping)
    {
        var id = (long)_connection.Scalar(
            "INSERT INTO project_list (region, filter) VALUES ($region, $filter) ON CONFLICT (region) DO UPDATE SET filter = $filter, made = NULL RETURNING id",
            ("$region", _region),
            ("$filter", _filter))!;
        DeleteParts(id, "true", stopping);
        return new KeptList(id, null);
    }

    /// <summary>
    /// A sorted copy and a bit for each: a second set of a million ids would be several times as large. Sorted, they are
    /// also written where they come to lie.
    /// </summary>
    private (string[] Sorted, BitArray IsKept, List<string> Vanished) Compare(IReadOnlyCollection<string> listed, long list)
    {
        string[] sorted = [.. listed];
        Array.Sort(sorted, StringComparer.Ordinal);
        var isKept = new BitArray(sorted.Length);
        var vanished = new List<string>();
        foreach (var (id, isListed) in _connection.Query(
            "SELECT project_id, last_listed IS NULL FROM project WHERE list = $list", row => (row.GetString(0), row.GetBoolean(1)), ("$list", list)))
        {
            if (!isListed)
            {
                continue;
            }

            var at = Array.BinarySearch(sorted, id, StringComparer.Ordinal);
            if (at >= 0)
            {
                isKept[at] = true;
            }
            else
            {
                vanished.Add(id);
            }
        }

        return (sorted, isKept, vanished);
    }

    private void Write(string sql, long list, IEnumerable<string> projects, CancellationToken stopping)
    {
        using var write = _connection.Prepare(sql);
        foreach (var part in projects.Chunk(RowsPerCommit))
        {
            stopping.ThrowIfCancellationRequested();
            _connection.InTransaction(() => Array.ForEach(part, project => write.Run(list, project)));
        }
    }

    private void DeleteParts(long list, string condition, CancellationToken stopping)
    {
        var sql = $"DELETE FROM project WHERE (list, project_id) IN (SELECT list, project_id FROM project WHERE list = $list AND {condition} LIMIT $part)";
        while (_connection.Execute(sql, ("$list", list), ("$part", RowsPerCommit)) == RowsPerCommit)
        {
            stopping.ThrowIfCancellationRequested();
        }
    }

    private static DateTimeOffset Parse(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <param name="Id">Its number in the store.</param>
    /// <param name="Made">When; null while it is not written to its end.</param>
    private sealed record KeptList(long Id, DateTimeOffset? Made);
}
