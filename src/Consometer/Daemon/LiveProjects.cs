using Consometer.Configuration;
using Consometer.Delivery.Store;
using Consometer.Rings;
using Consometer.Swift.Keystone;

namespace Consometer.Daemon;

/// <summary>The projects of a round.</summary>
/// <param name="Ids">Those that are listed.</param>
/// <param name="Orphans">Those that were listed before, and are asked for still.</param>
internal sealed record RoundProjects(IReadOnlyCollection<string> Ids, IReadOnlyList<VanishedProject> Orphans);

/// <summary>A list of before, which a round has to do with.</summary>
/// <param name="Age">How old it was when the round took it.</param>
/// <param name="Reason">Why Keystone gave no other.</param>
internal sealed record KeptProjects(TimeSpan Age, string Reason);

/// <summary>
/// The list of projects in use: Keystone's, or the last one it gave while it gives none. Read once by each round, which has it to
/// itself. A list that is suddenly shorter is Keystone's word all the same: who is missing on it is an orphan.
/// </summary>
/// <param name="clock">What its age goes by.</param>
internal sealed class LiveProjects(TimeProvider clock)
{
    /// <summary>One reference, because whoever measures does so while a round is at work.</summary>
    private volatile Use? _use;

    /// <summary>How the last round fared that wanted a list; null before the first.</summary>
    private volatile Reading? _last;

    /// <summary>Since the list in use was made; null before the first round, and for projects of a file.</summary>
    public TimeSpan? Age => _use is { } use ? clock.GetUtcNow() - use.Made : null;

    /// <summary>The list of before that the last round had to do with; null if it had one of its own.</summary>
    public KeptProjects? Kept => _use?.Kept;

    /// <summary>Whether a round has wanted a list yet.</summary>
    public bool WasAsked => _last is not null;

    /// <summary>How many projects are on the last round's list; null where it got none.</summary>
    public int? Listed => _last?.Count;

    /// <summary>Why the last round got no list; null if it got one, be it of before.</summary>
    public string? Failure => _last?.Failure;

    /// <summary>When the list in use was made by Keystone; null before the first, and for projects of a file.</summary>
    public DateTimeOffset? Made => _use?.Made;

    /// <summary>The projects of a round that begins.</summary>
    /// <param name="options">Where they come from, and which are wanted.</param>
    /// <param name="keystone">Null where they come from a file.</param>
    /// <param name="known">Where lists are kept; null for a round that is not kept itself.</param>
    /// <param name="stopping">Gives up.</param>
    /// <exception cref="KeystoneException">Keystone refused or did not answer, and no list of it is kept that is young enough.</exception>
    /// <exception cref="InputFileException">The file cannot be read.</exception>
    /// <exception cref="StoreException">What is kept cannot be read or written.</exception>
    public async Task<RoundProjects> ReadAsync(ProjectsOptions options, KeystoneSession? keystone, KnownProjects? known, CancellationToken stopping)
    {
        try
        {
            var projects = await ReadNowAsync(options, keystone, known, stopping);
            _last = new Reading(projects.Ids.Count, Failure: null);
            return projects;
        }
        catch (Exception e) when (e is KeystoneException or InputFileException)
        {
            _last = new Reading(Count: null, e.Message);
            throw;
        }
    }

    private async Task<RoundProjects> ReadNowAsync(ProjectsOptions options, KeystoneSession? keystone, KnownProjects? known, CancellationToken stopping)
    {
        if (options.FilePath is not null)
        {
            return new RoundProjects(await ProjectList.ReadAsync(options, keystone, stopping), []);
        }

        // The store may wait for the disk: not on the thread that Keystone's answer came by, which others come by too.
        var listing = ProjectList.ReadAsync(options, keystone, stopping);
        await Task.WhenAny(listing);
        await Task.Yield();
        try
        {
            var ids = await listing;
            var now = clock.GetUtcNow();
            _use = new Use(now, Kept: null);
            known?.Take(ids, now, now - options.OrphansFor, stopping);
            return WithOrphans(ids, options, known);
        }
        catch (KeystoneException e) when (known is not null && options.CacheMaxAge > TimeSpan.Zero)
        {
            return WithOrphans(Keep(options, known, e), options, known);
        }
    }

    private IReadOnlyList<string> Keep(ProjectsOptions options, KnownProjects known, KeystoneException failure)
    {
        if (known.MadeAt() is not { } made)
        {
            throw new KeystoneException($"{failure.Message}; and no list of these projects is kept from before");
        }

        // Told by the gauge though it may be too old: then least of all is it to be silent.
        var age = clock.GetUtcNow() - made;
        _use = new Use(made, new KeptProjects(age, failure.Message));
        return age <= options.CacheMaxAge
            ? known.Listed()
            : throw new KeystoneException(
                $"{failure.Message}; and the list of projects kept from before is {WholeSeconds(age)} old, more than {Duration.Show(options.CacheMaxAge)} (projects.cache_max_age)");
    }

    /// <summary>
    /// With an empty list the round fails and is tried again each minute, unless its orphans are metered: then they are not asked for
    /// in vain.
    /// </summary>
    private RoundProjects WithOrphans(IReadOnlyCollection<string> ids, ProjectsOptions options, KnownProjects? known) =>
        new(ids, known is null || (ids.Count == 0 && !options.MetersOrphans) ? [] : known.Vanished(clock.GetUtcNow() - options.OrphansFor));

    private static TimeSpan WholeSeconds(TimeSpan age) => TimeSpan.FromSeconds(Math.Floor(age.TotalSeconds));

    /// <param name="Made">When the list in use was made.</param>
    /// <param name="Kept">Why it is one of before; null if it is the round's own.</param>
    private sealed record Use(DateTimeOffset Made, KeptProjects? Kept);

    private sealed record Reading(int? Count, string? Failure);
}
