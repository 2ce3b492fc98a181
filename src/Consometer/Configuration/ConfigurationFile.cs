using Serilog.Events;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Consometer.Configuration;

/// <summary>The one place where text becomes options: <c>consometer.yaml</c>, and the environment over it.</summary>
internal static class ConfigurationFile
{
    public const string DefaultFolder = "/etc/swift-consometer/";

    public const string Name = "consometer.yaml";

    private const int OrphanDaysMax = 3660;

    private static readonly TimeSpan PeriodMax = TimeSpan.FromDays(366);

    /// <summary>The levels of the older program, and Serilog's own names.</summary>
    public static IReadOnlyDictionary<string, LogEventLevel> LogLevels { get; } = new Dictionary<string, LogEventLevel>(StringComparer.OrdinalIgnoreCase)
    {
        ["debug"] = LogEventLevel.Debug,
        ["info"] = LogEventLevel.Information,
        ["warn"] = LogEventLevel.Warning,
        ["warning"] = LogEventLevel.Warning,
        ["error"] = LogEventLevel.Error,

        // The older program's highest; it says nothing that is not fatal either.
        ["panic"] = LogEventLevel.Fatal,
        ["fatal"] = LogEventLevel.Fatal,
    };

    /// <summary>Reads the configuration.</summary>
    /// <param name="path">The file, or the folder it is in.</param>
    /// <param name="environment">Looks up an environment variable.</param>
    /// <exception cref="ConfigurationException">It cannot be read, or has faults; all of them.</exception>
    public static ConsometerOptions Load(string path, Func<string, string?> environment)
    {
        var file = Find(path);
        var source = new YamlSource(file, environment);
        var root = YamlSection.Root(source, Parse(file));
        var options = Read(root, source, Path.GetDirectoryName(Path.GetFullPath(file))!);
        root.RefuseUnknown();
        return source.Faults.Count == 0 ? options : throw new ConfigurationException(source.Faults);
    }

    /// <summary>The file itself, which may not be there.</summary>
    /// <param name="path">The file, or the folder it is in.</param>
    public static string Find(string path) => Directory.Exists(path) ? Path.Combine(path, Name) : path;

    internal static YamlNode? Parse(string file)
    {
        try
        {
            using var reader = new StreamReader(file);
            var yaml = new YamlStream();
            yaml.Load(reader);
            if (yaml.Documents.Count > 1)
            {
                throw new ConfigurationException($"{file}:{yaml.Documents[1].RootNode.Start.Line}: wanted one YAML document, found another");
            }

            return yaml.Documents.Count == 0 ? null : yaml.Documents[0].RootNode;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ConfigurationException($"{file}: no such file (--config names it, or its folder)");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ConfigurationException($"{file}: cannot be read: {e.Message}");
        }
        catch (YamlException e)
        {
            // Not the parser's own words where they may quote the file: there are passwords in it.
            var found = e is SyntaxErrorException or SemanticErrorException ? (e.InnerException ?? e).Message.ReplaceLineEndings(" ") : "something else";
            throw new ConfigurationException($"{file}:{e.Start.Line}: wanted YAML, found {found}");
        }
    }

    private static ConsometerOptions Read(YamlSection root, YamlSource source, string folder)
    {
        var credentials = root.Section("credentials");
        var openstack = credentials.Section("openstack");
        var region = root.Text("region", "SWIFT_REGION");
        var swift = root.Section("swift");
        var strategy = root.Choice(
            "strategy",
            swift.IsGiven ? Strategy.Direct : Strategy.Proxy,
            new Dictionary<string, Strategy> { ["direct"] = Strategy.Direct, ["proxy"] = Strategy.Proxy, ["auto"] = Strategy.Auto });

        // The older program took the admin endpoint, which may be the only one that its host reaches.
        var preferred = strategy == Strategy.Proxy && !swift.IsGiven ? "admin" : CloudReader.Public;
        var projects = ReadProjects(root.Section("projects"), folder);
        var period = ReadPeriod(root);
        var publish = root.Section("publish");
        var delivery = DeliverySection.Read(credentials.Section("rabbit"), publish, folder, TimeProvider.System);
        var store = root.Section("store");
        var requests = RequestsSection.Read(root.Section("requests"), folder);
        var meters = RequestsSection.ReadMeters(root.Section("meters"), requests is not null);
        var hasRounds = ConsometerOptions.AreRoundsMade(requests, meters);
        var options = new ConsometerOptions
        {
            Region = region ?? "RegionOne",
            Period = period,
            Workers = root.Number("workers", 1, SwiftSection.WorkersMax, 32, "WORKERS"),
            LogLevel = root.Choice("log_level", LogEventLevel.Information, LogLevels, "LOG_LEVEL"),
            LogsJson = root.Choice("log_format", false, new Dictionary<string, bool> { ["text"] = false, ["json"] = true }),
            Strategy = strategy,
            Keystone = openstack.IsGiven || (hasRounds && (projects.FilePath is null || strategy != Strategy.Direct)) ? OpenstackSection.Read(openstack, source, folder, region, preferred) : null,
            PollingTime = period * root.Fraction("polling_share", 0.05, 1, 0.8),
            Swift = SwiftSection.Read(swift, folder, strategy),
            Projects = projects,
            Meters = meters,
            Requests = requests,
            Delivery = delivery,
            Sharing = null,
            StorePath = Under(folder, store.Text("path") ?? "/var/lib/swift-consometer/consometer.db"),
            StoreMaxBytes = store.Bytes("max_bytes", 1 << 20, 10L << 30),
            StoreKeep = store.Span("keep", TimeSpan.Zero, PeriodMax, delivery is null ? TimeSpan.FromDays(90) : TimeSpan.Zero),
            Graphite = ExportSection.ReadGraphite(root.Section("graphite")),
            Otlp = ExportSection.ReadOtlp(root.Section("otlp")),
            Status = StatusSection.Read(root.Section("status")),
            WithoutEffect = publish.IsGiven && delivery is null ? ["publish, without credentials.rabbit,"] : [],
        };
        return ClusterSection.Read(root.Section("cluster"), options);
    }

    /// <summary>Whole seconds: they are what tells one round's time from the next one's.</summary>
    private static TimeSpan ReadPeriod(YamlSection root) => root.Value<TimeSpan>(
        "timeout",
        $"a duration of whole seconds such as 30s, 10m, 1h, from 1s to {Duration.Show(PeriodMax)}",
        TimeSpan.FromHours(1),
        text => Duration.TryParse(text) is { } period && period >= TimeSpan.FromSeconds(1) && period <= PeriodMax && period.Ticks % TimeSpan.TicksPerSecond == 0 ? period : null,
        "PERIOD");

    private static ProjectsOptions ReadProjects(YamlSection projects, string folder)
    {
        var fromFile = projects.Choice("source", false, new Dictionary<string, bool> { ["keystone"] = false, ["file"] = true });
        var file = projects.Text("file");
        if (fromFile && file is null)
        {
            projects.Fault("file", "the file that lists the projects, since source is file", "none");
        }

        return new ProjectsOptions(
            fromFile ? Under(folder, file ?? "") : null, projects.Flag("include_disabled", true), projects.List("domains", []))
        {
            CacheMaxAge = projects.Span("cache_max_age", TimeSpan.Zero, PeriodMax, TimeSpan.FromHours(24)),
            OrphansFor = TimeSpan.FromDays(projects.Number("orphan_days", 0, OrphanDaysMax, 30)),
            MetersOrphans = projects.Flag("meter_orphans", false),
        };
    }

    /// <summary>A path of the file's is one from its folder: a daemon is started anywhere.</summary>
    internal static string Under(string folder, string path) => Path.GetFullPath(path, folder);
}
