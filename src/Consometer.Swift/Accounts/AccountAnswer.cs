using System.Text;

namespace Consometer.Swift.Accounts;

/// <summary>What an account-server answered to a HEAD: read, and read over by the next answer, without making anything of headers that mean nothing here.</summary>
internal sealed class AccountAnswer(PolicyNames policies)
{
    private readonly UsageCounts _counts = new(policies);
    private char[] _text = [];
    private bool _hasBadCount;

    public int Status { get; private set; }

    /// <summary>Whether it has <c>X-Account-Status: Deleted</c>.</summary>
    public bool IsDeleted { get; private set; }

    /// <summary>Whether the connection may serve another request, for all that the server says.</summary>
    public bool KeepsConnection { get; private set; }

    /// <summary>Reads an answer's head.</summary>
    /// <param name="head">All before the empty line, with a line feed at the end of each line.</param>
    /// <returns>False if it is not HTTP.</returns>
    public bool TryRead(ReadOnlySpan<byte> head)
    {
        if (_text.Length < head.Length)
        {
            _text = new char[head.Length];
        }

        var answer = new AnswerHead(_text.AsSpan(0, Encoding.Latin1.GetChars(head, _text)));
        if (answer.Status is not { } status)
        {
            return false;
        }

        (Status, IsDeleted, KeepsConnection, _hasBadCount) = (status, false, answer.IsVersion11, false);
        _counts.Clear();
        while (answer.TryTake(out var name, out var value))
        {
            if (name.IsEmpty)
            {
                return false;
            }

            Take(name, value);
        }

        return true;
    }

    /// <summary>As <see cref="UsageCounts.Read"/>.</summary>
    public Unavailability? ReadUsage(out AccountUsage? usage)
    {
        usage = null;
        return _hasBadCount ? Unavailability.MalformedAnswer : _counts.Read(out usage);
    }

    private void Take(ReadOnlySpan<char> header, ReadOnlySpan<char> value)
    {
        if (header.Equals("Connection", StringComparison.OrdinalIgnoreCase))
        {
            KeepsConnection &= !value.Contains("close", StringComparison.OrdinalIgnoreCase);
        }
        else if (header.Equals("X-Account-Status", StringComparison.OrdinalIgnoreCase))
        {
            IsDeleted = value.Equals("Deleted", StringComparison.OrdinalIgnoreCase);
        }
        else
        {
            _hasBadCount |= !_counts.TryTake(header, value);
        }
    }
}
