namespace Consometer.Metering.Requests;

/// <summary>The fields of an access line that are read, by their names in Swift's <c>log_msg_template</c>.</summary>
internal enum LogField
{
    ClientIp,
    RemoteAddr,

    /// <summary><c>end_time.datetime</c>: what a line is known by, wherever in the text it begins.</summary>
    EndDate,
    Method,
    Path,
    Status,
    BytesReceived,
    BytesSent,
    Transaction,
    Source,

    /// <summary><c>end_time</c>, in seconds since 1970: not needed, and where it is there it must be a number.</summary>
    EndTime,

    /// <summary>Not needed either: where it is there, it tells a line that was shortened.</summary>
    Protocol,
    Account,
    Container,
    None,
}
