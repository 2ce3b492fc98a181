using System.Text;

namespace Consometer.Configuration;

/// <summary>The section <c>cluster</c>: whether several daemons share each round.</summary>
internal static class ClusterSection
{
    private const int TaskAccountsMax = 20_000;

    /// <summary>AMQP has names of 255 bytes; the queues' have a word after it.</summary>
    private const int PrefixBytesMax = 200;

    private static readonly string[] OfSharing = ["task_accounts", "prefix"];

    /// <param name="cluster">The section.</param>
    /// <param name="options">All else that is configured.</param>
    /// <returns>The same, and how rounds are shared.</returns>
    public static ConsometerOptions Read(YamlSection cluster, ConsometerOptions options)
    {
        string[] set = [.. OfSharing.Where(cluster.IsSet)];
        var isShared = cluster.Choice("mode", false, new Dictionary<string, bool> { ["single"] = false, ["shared"] = true });
        var taskAccounts = cluster.Number("task_accounts", 1, TaskAccountsMax, 1000);
        var prefix = cluster.Text("prefix") is { Length: > 0 } given ? given : $"consometer.{options.Region}";
        if (Encoding.UTF8.GetByteCount(prefix) > PrefixBytesMax || prefix.StartsWith("amq.", StringComparison.Ordinal))
        {
            cluster.Fault("prefix", $"at most {PrefixBytesMax} bytes, and none of the broker's own names", $"\"{prefix}\"");
        }

        if (!isShared)
        {
            return options with { WithoutEffect = [.. options.WithoutEffect, .. set.Select(key => $"cluster.{key}, without cluster.mode: shared,")] };
        }

        Require(options.Delivery is not null, "credentials.rabbit too, since a round is shared over the broker", "none");
        Require(!options.Swift.IsLocal, "single, since swift.scope is local: each host has its share then", "shared");
        Require(options.HasRounds, "single, since requests alone are counted: there is no round to share", "shared");
        return options with { Sharing = new SharingOptions(taskAccounts, prefix) };

        void Require(bool isMet, string wanted, string found)
        {
            if (!isMet)
            {
                cluster.Fault("mode", cluster.Place("mode"), wanted, found);
            }
        }
    }
}
