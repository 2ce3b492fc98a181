using System.CommandLine;
using System.Globalization;
using Consometer.Cli.Output;
using Consometer.Rings;
using Consometer.Rings.Inspection;

namespace Consometer.Cli.Ring;

/// <summary><c>consometer ring diff OLD NEW</c>: what a new ring changes, and for which accounts.</summary>
internal static class DiffCommand
{
    /// <summary>Devices that a person looks at; JSON has all.</summary>
    private const int ShownMax = 30;

    private static readonly Argument<string> Old = new("OLD") { Description = "The ring as it was." };
    private static readonly Argument<string> New = new("NEW") { Description = "The ring as it is to be." };
    private static readonly Option<string?> Accounts = new("--accounts-file") { Description = "Says which of these accounts move; - is standard input.", HelpName = "F|-" };

    public static Command Make()
    {
        var command = new Command("diff", "What is different between two rings of one cluster.") { Old, New, Accounts, RingCommand.Format };
        HashOptions.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stopping)
    {
        var accountsFile = parsed.GetValue(Accounts);
        var hashPath = accountsFile is null ? null : HashOptions.Read(parsed);
        var (before, after) = (RingFile.Load(parsed.GetRequiredValue(Old)).Table, RingFile.Load(parsed.GetRequiredValue(New)).Table);
        var diff = RingDiff.Of(before, after);
        var moved = hashPath is null ? null : await MovedAsync(diff, (before, after), hashPath, NameList.ReadAsync(accountsFile!, "accounts", stopping), stopping);
        if (parsed.GetValue(RingCommand.Format) == RingFormat.Json)
        {
            Terminal.Output.Line(JsonText.Document(Describe(before, after, diff, moved)));
        }
        else
        {
            Write(before, after, diff, moved);
        }

        return ExitCode.Done;
    }

    private static async Task<MovedAccounts> MovedAsync(
        RingDiff diff, (RingTable Before, RingTable After) rings, HashPath hashPath, IAsyncEnumerable<string> accounts, CancellationToken stopping)
    {
        var asked = 0;
        var moved = new List<MovedAccount>();
        await foreach (var account in accounts.WithCancellation(stopping))
        {
            asked++;
            var hash = hashPath.Hash(account);
            if (diff.HasMoved(hash))
            {
                moved.Add(new MovedAccount(account, Ids(rings.Before, hash), Ids(rings.After, hash)));
            }
        }

        return new MovedAccounts(asked, moved);

        static int[] Ids(RingTable ring, PathHash hash) => [.. ring.Locate(hash).Primaries().Select(device => device.Id)];
    }

    private static object Describe(RingTable before, RingTable after, RingDiff diff, MovedAccounts? moved) => new
    {
        old = new { before.Header.BuilderVersion, before.Header.PartPower, before.Header.NextPartPower, before.Replicas },
        @new = new { after.Header.BuilderVersion, after.Header.PartPower, after.Header.NextPartPower, after.Replicas },
        added = diff.Added.Select(DeviceText.Of),
        removed = diff.Removed.Select(DeviceText.Of),
        reweighted = diff.Reweighted.Select(change => new { change.New.Id, old_weight = change.Old.Weight, new_weight = change.New.Weight }),
        redescribed = diff.Redescribed.Select(change => new { old = DeviceText.Of(change.Old), @new = DeviceText.Of(change.New) }),
        diff.Moved,
        of = diff.Replicas,
        share = diff.Share,
        by_device = diff.Moves.Select(moves => new { moves.Device.Id, moves.Gained, moves.Lost }),
        accounts = moved,
    };

    private static void Write(RingTable before, RingTable after, RingDiff diff, MovedAccounts? moved)
    {
        Said("builder version", before.Header.BuilderVersion?.ToString(CultureInfo.InvariantCulture) ?? "not said", after.Header.BuilderVersion?.ToString(CultureInfo.InvariantCulture) ?? "not said");
        Said("part power", PartPower(before.Header), PartPower(after.Header));
        Said("replicas", Number(before.Replicas), Number(after.Replicas));
        Listed("added", diff.Added.Select(device => $"{DeviceText.Line(device)}, weight {Number(device.Weight)}"));
        Listed("removed", diff.Removed.Select(DeviceText.Line));
        Listed("reweighted", diff.Reweighted.Select(change => $"{DeviceText.Line(change.New)}, weight {Number(change.Old.Weight)} → {Number(change.New.Weight)}"));
        Listed("redescribed", diff.Redescribed.Select(Redescribed));
        Terminal.Output.Line(string.Create(
            CultureInfo.InvariantCulture, $"{"moved",-17}{diff.Moved:N0} of {diff.Replicas:N0} replicas of partitions, {100 * diff.Share:0.00} %"));
        var table = Terminal.NewTable(("DEVICE", false), ("GAINED", true), ("LOST", true));
        foreach (var moves in diff.Moves.Take(ShownMax))
        {
            Terminal.AddRow(table, DeviceText.Line(moves.Device), Count(moves.Gained), Count(moves.Lost));
        }

        if (table.Rows.Count > 0)
        {
            Terminal.Output.Write(table);
            More(diff.Moves.Count);
        }

        if (moved is not null)
        {
            WriteAccounts(moved);
        }
    }

    private static void WriteAccounts(MovedAccounts moved)
    {
        Terminal.Output.Line($"{"accounts",-17}{Count(moved.Moved.Count)} of {Count(moved.Asked)} have other devices");
        foreach (var account in moved.Moved)
        {
            Terminal.Output.Line($"{Terminal.Visible(account.Account)}  {string.Join(',', account.Old)} → {string.Join(',', account.New)}");
        }
    }

    /// <summary>A line's worth, unless the line does not say what is another: the replication address, the remark.</summary>
    private static string Redescribed(DeviceChange change)
    {
        var (before, after) = (DeviceText.Line(change.Old), DeviceText.Line(change.New));
        return before != after ? $"{before} → {after}" : $"{DeviceText.FullLine(change.Old)} → {DeviceText.FullLine(change.New)}";
    }

    private static string PartPower(RingHeader header) =>
        header.NextPartPower is { } next ? $"{Count(header.PartPower)}, being raised to {Count(next)}" : Count(header.PartPower);

    private static void Said(string what, string before, string after) =>
        Terminal.Output.Line($"{what,-17}{(before == after ? before : $"{before} → {after}")}");

    private static void Listed(string what, IEnumerable<string> devices)
    {
        var all = devices.ToArray();
        Terminal.Output.Line($"{what,-17}{(all.Length == 0 ? "none" : Terminal.Visible(all[0]))}");
        foreach (var device in all.Skip(1).Take(ShownMax - 1))
        {
            Terminal.Output.Line($"{"",-17}{Terminal.Visible(device)}");
        }

        More(all.Length);
    }

    private static void More(int all)
    {
        if (all > ShownMax)
        {
            Terminal.Output.Line($"{"",-17}and {Count(all - ShownMax)} more");
        }
    }

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Number(double number) => number.ToString("0.######", CultureInfo.InvariantCulture);

    private sealed record MovedAccount(string Account, int[] Old, int[] New);

    private sealed record MovedAccounts(int Asked, IReadOnlyList<MovedAccount> Moved);
}
