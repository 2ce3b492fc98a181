using System.Net.Sockets;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Consometer.Delivery.Publishing;

/// <summary>What went wrong with a broker, in words on one line.</summary>
internal static class BrokerFailure
{
    /// <summary>Null for what is no failure of the broker or of the way to it.</summary>
    public static string? Describe(Exception failure) => failure switch
    {
        BrokerUnreachableException { InnerException: { } inner } => Describe(inner) ?? inner.Message.ReplaceLineEndings(" "),
        AggregateException several => string.Join("; ", several.InnerExceptions.Select(each => Describe(each) ?? each.Message.ReplaceLineEndings(" ")).Distinct()),
        OperationInterruptedException { ShutdownReason: { } reason } => Describe(reason),
        ConnectFailureException { InnerException: { } inner } => Describe(inner) ?? inner.Message.ReplaceLineEndings(" "),
        TimeoutException => "no answer in time",
        RabbitMQClientException or SocketException or IOException or System.Security.Authentication.AuthenticationException or ObjectDisposedException =>
            failure.Message.ReplaceLineEndings(" "),
        _ => null,
    };

    /// <summary>The same; and what the client cancels by itself, which is what waits for an answer over a connection that is lost.</summary>
    /// <param name="failure">What was thrown.</param>
    /// <param name="stopping">By which the caller cancels: that is no failure.</param>
    public static string? Describe(Exception failure, CancellationToken stopping) =>
        failure is OperationCanceledException && !stopping.IsCancellationRequested ? "no answer in time, or the connection was lost" : Describe(failure);

    /// <summary>Why a connection or channel was closed.</summary>
    public static string Describe(ShutdownEventArgs reason) => $"{reason.ReplyCode} {reason.ReplyText.ReplaceLineEndings(" ")}";
}
