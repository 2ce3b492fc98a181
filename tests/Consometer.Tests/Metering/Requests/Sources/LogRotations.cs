namespace Consometer.Tests.Metering.Requests.Sources;

/// <summary>What may happen to a log that has the lines a, b and c, and gets d to g.</summary>
internal static class LogRotations
{
    private static readonly Dictionary<string, Action<WatchedLog>> Renamed = new()
    {
        ["nothing"] = log => log.Append("d\ne\nf\ng\n"),
        ["renamed"] = log =>
        {
            log.Rename(".1");
            log.AppendTo(".1", "d\n");
            log.Append("e\nf\ng\n");
        },
        ["renamed, and empty"] = log =>
        {
            log.Append("d\ne\nf\ng\n");
            log.Rename(".1");
        },
        ["renamed, and not there"] = log =>
        {
            log.Append("d\ne\nf\ng\n");
            log.Rename("-20261121", creates: false);
        },
        ["renamed three times"] = log =>
        {
            log.Append("d\n");
            log.Rename(".1");
            log.Append("e\n");
            log.Move(".1", ".2");
            log.Rename(".1");
            log.Append("f\n");
            log.Move(".2", ".3");
            log.Move(".1", ".2");
            log.Rename(".1");
            log.Append("g\n");
        },
        ["renamed twice by date"] = log =>
        {
            log.Rename("-20261121");
            log.Append("d\ne\n");
            log.Rename("-20261122");
            log.Append("f\ng\n");
        },
        ["renamed with its ending"] = log =>
        {
            log.Append("d\n");
            File.Move(log.Path, log.Path.Replace(".log", "-20261121.log", StringComparison.Ordinal));
            log.Append("e\nf\ng\n");
        },
    };

    private static readonly Dictionary<string, Action<WatchedLog>> Copied = new()
    {
        ["copied and truncated"] = log =>
        {
            log.Append("d\n");
            log.CopyTruncate(".1");
            log.Append("e\nf\ng\n");
        },
        ["copied and truncated twice, with more than before"] = log =>
        {
            log.CopyTruncate(".1");
            log.Append("d\ne\n");
            log.Move(".1", ".2");
            log.CopyTruncate(".1");
            log.Append("f\ng\n");
        },
        ["compressed"] = log =>
        {
            log.Append("d\n");
            log.Rename(".1");
            log.Compress(".1");
            log.Append("e\nf\ng\n");
        },
        ["compressed twice"] = log =>
        {
            log.Append("d\n");
            log.Rename(".1");
            log.Compress(".1");
            log.Append("e\n");
            log.Move(".1.gz", ".2.gz");
            log.Rename(".1");
            log.Append("f\n");
            log.Move(".2.gz", ".3.gz");
            log.Compress(".1");
            log.Move(".1.gz", ".2.gz");
            log.Rename(".1");
            log.Append("g\n");
        },
        ["copied by somebody, and renamed"] = log =>
        {
            File.Copy(log.Path, log.Find(".20261121"));
            log.Append("d\n");
            log.Rename(".1");
            log.Append("e\nf\ng\n");
        },
        ["with an unterminated last line"] = log =>
        {
            log.Append("d");
            log.Rename(".1");
            log.Append("e\nf");
            log.CopyTruncate(".0");
            log.Append("g\n");
        },
    };

    /// <summary>By what is done.</summary>
    public static Dictionary<string, Action<WatchedLog>> All { get; } = Renamed.Concat(Copied).ToDictionary();
}
