using System.Globalization;

namespace Consometer.Simulation;

/// <summary>
/// Draws the projects and what they hold. Sizes are heavy-tailed as in real clusters: most accounts are small, some are empty, a
/// few hold terabytes. Whole numbers only: a logarithm may differ in its last bit between machines, and the cluster must not.
/// </summary>
internal static class AccountDraw
{
    public const string Gold = "gold";
    public const string Silver = "silver";
    public const string ServiceProject = "service";

    private const double EmptyShare = 0.08;
    private const double ObjectlessShare = 0.05;
    private const double SilverShare = 0.4;
    private const int ContainersMax = 40;

    /// <summary>An account with objects holds 1 KiB (2^10) to 64 TiB (2^46) of them.</summary>
    private const int BytesLogMin = 10;
    private const int BytesLogMax = 46;

    /// <summary>An object has 1 KiB to 64 MiB on average, and more where there would be over 2^28 of them.</summary>
    private const int ObjectBytesLogMin = 10;
    private const int ObjectBytesLogMax = 26;
    private const int ObjectsLogMax = 28;

    public static IReadOnlyList<SimulatedAccount> Draw(SimulationPlan plan)
    {
        var numbers = new SeededNumbers(plan.Seed, SeededNumbers.Stream.Accounts);
        var accounts = new SimulatedAccount[plan.Accounts];
        for (var i = 0; i < accounts.Length; i++)
        {
            var id = numbers.NextId();
            var name = i == 0 ? ServiceProject : string.Create(CultureInfo.InvariantCulture, $"p{i:D6}");

            // Disabled or not, nobody could log in to the service project otherwise.
            var enabled = !numbers.Happens(plan.DisabledShare) || i == 0;
            var kind = Kind(plan, numbers);
            accounts[i] = new SimulatedAccount(
                id, name, enabled, kind, kind == SimulatedAccountKind.Stored ? Usage(numbers) : SimulatedUsage.Nothing);
        }

        return accounts;
    }

    private static SimulatedAccountKind Kind(SimulationPlan plan, SeededNumbers numbers)
    {
        if (numbers.Happens(plan.AbsentShare))
        {
            return SimulatedAccountKind.Absent;
        }

        // Among those that are left, so that the share of all is what the plan says.
        return plan.DeletedShare > 0 && numbers.Happens(plan.DeletedShare / (1 - plan.AbsentShare))
            ? SimulatedAccountKind.Deleted
            : SimulatedAccountKind.Stored;
    }

    private static SimulatedUsage Usage(SeededNumbers numbers)
    {
        if (numbers.Happens(EmptyShare))
        {
            return SimulatedUsage.Nothing;
        }

        var containers = 1 + Math.Min(numbers.Below(ContainersMax), numbers.Below(ContainersMax));
        var (objects, bytes) = numbers.Happens(ObjectlessShare) ? (0, 0) : Contents(numbers);
        if (!numbers.Happens(SilverShare))
        {
            return new SimulatedUsage([new SimulatedPolicyUsage(Gold, containers, objects, bytes)]);
        }

        // Silver gets some of the containers, perhaps all: then gold never had one, and Swift would not list it.
        var silverContainers = 1 + numbers.Below(containers);
        var silverObjects = silverContainers == containers ? objects : Part(numbers, objects);
        var silverBytes = silverObjects == objects ? bytes : silverObjects == 0 ? 0 : Part(numbers, bytes);
        var silver = new SimulatedPolicyUsage(Silver, silverContainers, silverObjects, silverBytes);
        var gold = new SimulatedPolicyUsage(Gold, containers - silverContainers, objects - silverObjects, bytes - silverBytes);
        return new SimulatedUsage(gold.Containers == 0 ? [silver] : [gold, silver]);
    }

    private static (long Objects, long Bytes) Contents(SeededNumbers numbers)
    {
        // The smaller of two draws: one account in 36 holds more than 1 TiB, half hold less than 2 MiB.
        var range = BytesLogMax - BytesLogMin;
        var bytesLog = BytesLogMin + Math.Min(numbers.Below(range), numbers.Below(range));
        var bytes = (1L << bytesLog) + (long)numbers.Below(1UL << bytesLog);
        var objectBytesLog = ObjectBytesLogMin + numbers.Below(ObjectBytesLogMax - ObjectBytesLogMin + 1);
        objectBytesLog = Math.Max(objectBytesLog, bytesLog + 1 - ObjectsLogMax);
        return (Math.Max(1, bytes >> objectBytesLog), bytes);
    }

    private static long Part(SeededNumbers numbers, long whole) => (long)numbers.Below((ulong)whole + 1);
}
