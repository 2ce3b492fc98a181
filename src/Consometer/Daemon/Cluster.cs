using System.Runtime.CompilerServices;
using Consometer.Configuration;
using Consometer.Metering;
using Consometer.Metering.Polling;
using Consometer.Metering.Rounds;
using Consometer.Metering.Samples;
using Consometer.Rings;
using Consometer.Swift.Accounts;
using Consometer.Swift.Keystone;

namespace Consometer.Daemon;

/// <summary>The cluster that is metered, as configured: its ring, its servers, its projects.</summary>
internal sealed class Cluster : IDisposable
{
    private readonly ConsometerOptions _options;
    private readonly TimeProvider _clock;
    private readonly HashPath _hashPath;
    private readonly ResellerPrefixes _prefixes;
    private readonly AccountServers _servers;

    private Cluster(ConsometerOptions options, RingFile ring, SwiftConf conf, TimeProvider clock)
    {
        _options = options;
        Ring = new LiveRing(ring, clock);
        _hashPath = conf.HashPath;
        _clock = clock;
        _prefixes = new ResellerPrefixes(options.Swift.ResellerPrefixes);
        _servers = new AccountServers(
            new AccountServerOptions(options.Swift.Network, options.Swift.ConnectTimeout, options.Swift.NodeTimeout) { PolicyNames = conf.PolicyNames }, clock);
    }

    public LiveRing Ring { get; }

    /// <summary>Reads ring and swift.conf.</summary>
    /// <exception cref="InputFileException">One of them cannot be read or is wrong.</exception>
    public static Cluster Open(ConsometerOptions options, TimeProvider clock) =>
        new(options, RingFile.Load(options.Swift.RingPath), SwiftConf.Load(options.Swift.ConfPath), clock);

    /// <summary>A round over the ring that is in use now, to its end.</summary>
    public Round NewRound() => new(
        new DirectPollster(
            Ring.Table, _hashPath, _servers, new DirectPollsterOptions(_options.Workers, _options.Swift.WorkersPerNode), _clock),
        new SampleMaker(_options.Meters, _options.Region, _options.Swift.AbsentIsZero),
        _clock);

    /// <summary>Every account of every project, from Keystone or the file of projects.</summary>
    /// <exception cref="KeystoneException">Keystone refused or did not answer.</exception>
    /// <exception cref="InputFileException">The file cannot be read.</exception>
    public async IAsyncEnumerable<Account> AccountsAsync([EnumeratorCancellation] CancellationToken stopping)
    {
        var projects = _options.Projects.FilePath is { } file
            ? NameList.ReadAsync(file, "projects", stopping)
            : (await ListProjectIdsAsync(stopping)).ToAsyncEnumerable();
        await foreach (var project in projects.WithCancellation(stopping))
        {
            foreach (var account in _prefixes.AccountsOf(project))
            {
                yield return account;
            }
        }
    }

    /// <summary>The accounts an operator named, by account or project; each once.</summary>
    /// <exception cref="InputFileException">A name that can be none.</exception>
    public async IAsyncEnumerable<Account> NamedAsync(IAsyncEnumerable<string> names, [EnumeratorCancellation] CancellationToken stopping)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var name in names.WithCancellation(stopping))
        {
            foreach (var account in _prefixes.Named(name).Where(account => seen.Add(account.Name)))
            {
                // Bytes that are no text come from the command line as the replacement character: they would name another account.
                if (account.ProjectId.Length == 0 || name.Contains('\ufffd', StringComparison.Ordinal))
                {
                    throw new InputFileException($"account \"{name}\": wanted an account or a project's id, in UTF-8");
                }

                yield return account;
            }
        }
    }

    public void Dispose()
    {
        Ring.Dispose();
        _servers.Dispose();
    }

    /// <summary>
    /// The whole list before the first account is asked: read page by page at the pace of the polling it could outlive its token,
    /// and the project that the next page starts from.
    /// </summary>
    private async Task<HashSet<string>> ListProjectIdsAsync(CancellationToken stopping)
    {
        using var keystone = new KeystoneClient(_options.Keystone!);
        return await keystone.ListProjectIdsAsync(_options.Projects.IncludeDisabled, _options.Projects.DomainIds, stopping)
            .ToHashSetAsync(StringComparer.Ordinal, stopping);
    }
}
