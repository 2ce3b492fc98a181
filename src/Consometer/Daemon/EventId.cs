using Serilog;

namespace Consometer.Daemon;

/// <summary>
/// What each line of the daemon's log is about: the property <c>EventId</c>, by which operators find and alert. A number is never given
/// to another event; gaps are left for neighbours.
/// </summary>
internal enum EventId
{
    DaemonStarted = 1001,
    DaemonStopped = 1002,
    BacklogFound = 1003,
    KeyWithoutEffect = 1004,
    StoreMovedAside = 1005,
    Listening = 1006,
    NotListening = 1007,
    ReloadRequested = 1011,
    Reloaded = 1012,
    ReloadRefused = 1013,

    RoundBegun = 1101,
    RoundEnded = 1102,
    RoundWithUnknown = 1103,
    RoundWorthless = 1104,
    RoundFailed = 1105,
    RoundStopped = 1106,
    PeriodsMissed = 1107,
    ProjectListKept = 1108,
    Advice = 1109,
    SamplesWithheld = 1110,

    RingReplaced = 1201,
    RingSoundAgain = 1202,
    RingStale = 1203,

    BrokerConnected = 1301,
    MessagesConfirmed = 1302,
    SamplesDelivered = 1303,
    BrokerBlocked = 1304,
    BrokerUnblocked = 1305,
    DeliveryInterrupted = 1306,

    GraphiteSent = 1401,
    GraphiteFailed = 1402,
    OtlpSent = 1403,
    OtlpFailed = 1404,

    RequestsBegun = 1501,
    IntervalComplete = 1502,
    AccessLog = 1503,
    LinesUnreadable = 1504,
    RequestsUncounted = 1505,
    RequestsNotKept = 1506,
    RequestsKept = 1507,

    Joined = 1601,
    Parted = 1602,
    RoleTaken = 1603,
    RoundTakenUp = 1604,
    TasksPublished = 1605,
    TaskDone = 1606,
    TaskLate = 1607,
    TaskRefused = 1608,
    RingDiffers = 1609,
    Unreadable = 1610,
    RingsDiffer = 1611,
    RoleGiven = 1612,
}

/// <summary>Marks what is logged with its event.</summary>
internal static class EventLogger
{
    /// <summary>The property with the number.</summary>
    public const string Property = nameof(EventId);

    /// <summary>A log whose lines are about one event.</summary>
    public static ILogger Event(this ILogger log, EventId id) => log.ForContext(Property, (int)id);
}
