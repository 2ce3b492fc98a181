using System.Globalization;
using Consometer.Configuration;
using Consometer.Rings;
using Consometer.Rings.Inspection;

namespace Consometer.Checks;

/// <summary>Whether the ring can be read, and is as Swift would have it.</summary>
internal static class RingCheck
{
    public const string Name = "ring";

    public static Checked<RingFile> Run(ConsometerOptions options)
    {
        var path = options.Swift.RingPath;
        try
        {
            var ring = RingFile.Load(path);
            return ring.Table.Devices.OfType<Device>().Any()
                ? new Checked<RingFile>(ring, Verify(ring))
                : new Checked<RingFile>(null, Fail(path, "a ring without devices"));
        }
        catch (InputFileException e)
        {
            return new Checked<RingFile>(null, Fail(path, e.Message));
        }
    }

    /// <summary>A ring that Consometer can read may have faults all the same that Swift stumbles over.</summary>
    private static CheckResult Verify(RingFile ring)
    {
        var findings = RingVerification.Of(InputFileException.ReadAllBytes(ring.Path, "ring")).OrderByDescending(finding => finding.Weight).ToArray();
        var errors = findings.Count(finding => finding.Weight == FindingWeight.Error);
        var found = findings is [var worst, ..]
            ? string.Create(CultureInfo.InvariantCulture, $"{errors} errors, {findings.Length - errors} warnings; first {worst.Place}: wanted {worst.Wanted}, found {worst.Found}")
            : Describe(ring.Table);
        var remedy = $"consometer ring verify {ring.Path} tells all";
        return errors > 0 ? CheckResult.Fail(Name, ring.Path, found, remedy, ExitCode.InputFile)
            : findings.Length > 0 ? CheckResult.Warn(Name, ring.Path, found, remedy)
            : CheckResult.Ok(Name, ring.Path, found);
    }

    private static string Describe(RingTable ring)
    {
        var devices = ring.Devices.OfType<Device>().ToArray();
        return string.Create(CultureInfo.InvariantCulture, $"{ring.Partitions} partitions, {ring.Replicas:0.##} replicas, {devices.Length} devices");
    }

    private static CheckResult Fail(string path, string found) => CheckResult.Fail(Name, path, found, "copy it from where the rings are built", ExitCode.InputFile);
}
