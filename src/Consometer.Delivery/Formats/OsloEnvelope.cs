using System.Buffers;

namespace Consometer.Delivery.Formats;

/// <summary>
/// The envelope that oslo.messaging puts a notification into: version 2.0, and the notification's JSON as text (<c>serialize_msg</c> in
/// <c>oslo_messaging/_drivers/common.py</c>).
/// </summary>
internal static class OsloEnvelope
{
    /// <summary>All that needs escaping in text that is JSON already: that has no control characters, and its encoder saw to the rest.</summary>
    private static readonly SearchValues<byte> Escaped = SearchValues.Create("\"\\"u8);

    private static ReadOnlySpan<byte> Head => "{\"oslo.version\":\"2.0\",\"oslo.message\":\""u8;

    private static ReadOnlySpan<byte> Tail => "\"}"u8;

    /// <summary>The body of a message.</summary>
    /// <param name="notification">JSON without control characters, as <see cref="SampleJson.Options"/> has it.</param>
    public static byte[] Around(ReadOnlySpan<byte> notification)
    {
        var body = new byte[Head.Length + notification.Length + notification.CountAny(Escaped) + Tail.Length];
        Head.CopyTo(body);
        var length = Head.Length;

        // Quotes are a few bytes apart: going byte by byte takes half the time of looking for the next, and of a JSON writer's own escaping.
        foreach (var character in notification)
        {
            if (character is (byte)'"' or (byte)'\\')
            {
                body[length++] = (byte)'\\';
            }

            body[length++] = character;
        }

        Tail.CopyTo(body.AsSpan(length));
        return body;
    }
}
