using System.Globalization;
using Consometer.Scenarios.Running;

namespace Consometer.Scenarios.Lab;

/// <summary>A replica of an account that a test makes.</summary>
/// <param name="ProjectId">The project; no other test has it, nor Keystone.</param>
/// <param name="Place">Which of the account's devices holds it: 0 is the first primary, the handoffs follow the last.</param>
/// <param name="Usage">What it says; null for a replica that says deleted.</param>
internal sealed record MadeReplica(string ProjectId, int Place, MadeUsage? Usage)
{
    public string Account => "AUTH_" + ProjectId;
}

/// <summary>What a replica says an account holds; objects and bytes are its first container's.</summary>
internal sealed record MadeUsage(long Containers, long Objects, long Bytes)
{
    public AccountTruth Of(string projectId) => new(projectId, AccountKind.Measured, Containers, Objects, Bytes);
}

/// <summary>Accounts whose replicas are just as a test wants them, written by Swift's own broker. Gone with the test.</summary>
internal sealed class MadeAccounts : IAsyncDisposable
{
    private const string Script = """
        import os, shutil, sys, time
        from swift.account.backend import AccountBroker
        from swift.common.ring import Ring
        from swift.common.utils import Timestamp, hash_path, storage_directory
        lab, verb = sys.argv[1:]
        ring = Ring('/etc/swift', ring_name='account')
        created = time.time() - 60
        for line in sys.stdin:
            account, place, containers, objects, size = line.rstrip('\n').split('\t')
            part, primaries = ring.get_nodes(account)
            device = (primaries + list(ring.get_more_nodes(part)))[int(place)]
            hashed = hash_path(account)
            folder = os.path.join(lab, 'srv', 'n' + device['ip'].rsplit('.', 1)[1], device['device'], storage_directory('accounts', part, hashed))
            shutil.rmtree(folder, ignore_errors=True)  # a killed test may have left one
            if verb == 'remove':
                continue
            os.makedirs(folder)
            broker = AccountBroker(os.path.join(folder, hashed + '.db'), account=account)
            broker.initialize(Timestamp(created).internal)
            deleted = containers == '-'
            names = ['c%d' % i for i in range(1 if deleted else int(containers))]
            broker.merge_items([dict(name=name, put_timestamp=Timestamp(created + 1).internal, delete_timestamp='0',
                                     object_count=int(objects) if name == 'c0' else 0, bytes_used=int(size) if name == 'c0' else 0,
                                     deleted=0, storage_policy_index=0) for name in names])
            if deleted:
                broker.delete_db(Timestamp(created + 2).internal)
        """;

    private readonly IReadOnlyList<MadeReplica> _replicas;

    private MadeAccounts(IReadOnlyList<MadeReplica> replicas) => _replicas = replicas;

    public static async Task<MadeAccounts> PutAsync(IEnumerable<MadeReplica> replicas)
    {
        var made = new MadeAccounts([.. replicas]);
        await made.RunAsync("put");
        return made;
    }

    public async ValueTask DisposeAsync() => await RunAsync("remove");

    /// <summary>A deleted replica still holds rows: nobody must read them.</summary>
    private async Task RunAsync(string verb)
    {
        var lines = _replicas.Select(replica => string.Create(
            CultureInfo.InvariantCulture,
            $"{replica.Account}\t{replica.Place}\t{(replica.Usage is { } usage ? $"{usage.Containers}\t{usage.Objects}\t{usage.Bytes}" : "-\t7\t7")}\n"));
        (await Programs.OtherAsync("/usr/bin/python3", ["-E", "-c", Script, RealSwift.Folder, verb], string.Concat(lines))).Succeeded();
    }
}
