using Consometer.Metering.Samples;

namespace Consometer.Metering.Requests;

/// <summary>What a client does with an object.</summary>
public enum Operation
{
    /// <summary>None of these: containers and accounts, HEAD, what failed.</summary>
    None = -1,
    Upload,
    Download,
    Update,
    Delete,
}

/// <summary>A meter of requests: how much there was of something in an interval.</summary>
/// <param name="Name"><c>counter_name</c>.</param>
/// <param name="Unit"><c>counter_unit</c>.</param>
/// <param name="OnByDefault">Whether it is on where there is an access log and the configuration does not say.</param>
/// <param name="Figure">Which of the figures of an account or a container it is: see <see cref="RequestMeters"/>.</param>
public sealed record RequestMeter(string Name, string Unit, bool OnByDefault, int Figure) : Meter(Name, "delta", Unit, OnByDefault)
{
    /// <summary>Whether it is of containers; else of accounts.</summary>
    public bool IsOfContainers => Figure > RequestMeters.Outgoing;
}

/// <summary>The meters of requests. Each is the figure at its own place in <see cref="All"/>.</summary>
public static class RequestMeters
{
    /// <summary>The figure of bytes that came in; of accounts.</summary>
    public const int Incoming = 0;

    /// <summary>The figure of bytes that went out; of accounts.</summary>
    public const int Outgoing = 1;

    /// <summary>How many figures there are.</summary>
    public const int Count = 2 + (Operations * FiguresPerOperation);

    private const int Operations = 4;
    private const int FiguresPerOperation = 4;

    /// <summary>All there are, by figure.</summary>
    public static IReadOnlyList<RequestMeter> All { get; } =
    [
        new RequestMeter("storage.objects.incoming.bytes", "B", OnByDefault: true, Incoming),
        new RequestMeter("storage.objects.outgoing.bytes", "B", OnByDefault: true, Outgoing),
        .. Of("upload", Operation.Upload),
        .. Of("download", Operation.Download),
        .. Of("update", Operation.Update),
        .. Of("delete", Operation.Delete),
    ];

    /// <summary>The figure of requests of a container.</summary>
    public static int Requests(Operation operation, bool isInternal) => 2 + ((int)operation * FiguresPerOperation) + (isInternal ? 0 : 1);

    /// <summary>The figure of those requests' bytes.</summary>
    public static int Bytes(Operation operation, bool isInternal) => Requests(operation, isInternal) + 2;

    private static RequestMeter[] Of(string word, Operation operation) =>
    [
        new RequestMeter($"storage.objects.{word}.internal", "request", OnByDefault: false, Requests(operation, isInternal: true)),
        new RequestMeter($"storage.objects.{word}.external", "request", OnByDefault: false, Requests(operation, isInternal: false)),
        new RequestMeter($"storage.objects.{word}.size.internal", "B", OnByDefault: false, Bytes(operation, isInternal: true)),
        new RequestMeter($"storage.objects.{word}.size.external", "B", OnByDefault: false, Bytes(operation, isInternal: false)),
    ];
}
