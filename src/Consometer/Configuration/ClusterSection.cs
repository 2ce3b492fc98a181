using System.Text;

namespace Consometer.Configuration;

/// <summary>The section <c>cluster</c>: whether several daemons share each round.</summary>
internal static class ClusterSection
{
    private const int TaskAccountsMax = 20_000;

    /// <summary>AMQP has names of 255 bytes; the queues' have a word after it.</summary>
    private const int PrefixBytesMax = 200;

    /// <returns>Null where the daemon meters the cluster alone.</returns>
    public static SharingOptions? Read(YamlSection cluster, string region, bool hasBroker, YamlSection swift)
    {
        var isShared = cluster.Choice("mode", false, new Dictionary<string, bool> { ["single"] = false, ["shared"] = true });
        var taskAccounts = cluster.Number("task_accounts", 1, TaskAccountsMax, 1000);
        var prefix = cluster.Text("prefix") is { Length: > 0 } given ? given : $"consometer.{region}";
        if (Encoding.UTF8.GetByteCount(prefix) > PrefixBytesMax || prefix.StartsWith("amq.", StringComparison.Ordinal))
        {
            cluster.Fault("prefix", $"at most {PrefixBytesMax} bytes, and none of the broker's own names", $"\"{prefix}\"");
        }

        if (isShared && !hasBroker)
        {
            cluster.Fault("mode", "credentials.rabbit too, since a round is shared over the broker", "none");
        }

        if (isShared && swift.Text("scope") == "local")
        {
            cluster.Fault("mode", "single, since swift.scope is local: each host has its share then", "shared");
        }

        return isShared ? new SharingOptions(taskAccounts, prefix) : null;
    }
}
