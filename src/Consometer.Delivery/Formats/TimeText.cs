using Consometer.Metering;

namespace Consometer.Delivery.Formats;

/// <summary>Round times as text. The samples of a message have one time, or few: it is made once for all that follow one another.</summary>
/// <param name="format">How a consumer has it.</param>
internal sealed class TimeText(Func<RoundTime, string> format)
{
    private RoundTime? _time;
    private string _text = "";

    /// <summary>The text of a time.</summary>
    public string Of(RoundTime time)
    {
        if (_time != time)
        {
            _text = format(time);
            _time = time;
        }

        return _text;
    }
}
