using System.Net.Sockets;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Consometer.Delivery.Publishing;

/// <summary>What went wrong with a broker, in words on one line.</summary>
internal static class BrokerFailure
{
    /// <summary>Null for what is no failure of the broker or of the way to it.</summary>
    /// <param name="failure">What was thrown.</param>
    /// <param name="stopping">By which the caller cancels. What else is cancelled the client cancels by itself: it waits for an answer over a connection that is lost.</param>
    public static string? Describe(Exception failure, CancellationToken stopping = default) => failure switch
    {
        BrokerUnreachableException { InnerException: { } inner } => Describe(inner, stopping) ?? OnOneLine(inner),
        AggregateException several => string.Join("; ", several.InnerExceptions.Select(each => Describe(each, stopping) ?? OnOneLine(each)).Distinct()),
        OperationInterruptedException { ShutdownReason: { } reason } => Describe(reason),
        ConnectFailureException { InnerException: { } inner } => Describe(inner, stopping) ?? OnOneLine(inner),
        TimeoutException => "no answer in time",
        OperationCanceledException when !stopping.IsCancellationRequested => "no answer in time, or the connection was lost",
        RabbitMQClientException or SocketException or IOException or System.Security.Authentication.AuthenticationException or ObjectDisposedException => OnOneLine(failure),
        _ => null,
    };

    /// <summary>Why a connection or channel was closed.</summary>
    public static string Describe(ShutdownEventArgs reason) => $"{reason.ReplyCode} {reason.ReplyText.ReplaceLineEndings(" ")}";

    private static string OnOneLine(Exception failure) => failure.Message.ReplaceLineEndings(" ");
}
