using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Consometer.Swift.Keystone;

/// <summary>A password, a key or a token: it prints as three stars, whatever record it is in.</summary>
public sealed record Secret
{
    private const string Stars = "***";

    private readonly string _text;

    public Secret(string text) => _text = text;

    /// <summary>The secret itself, for the one who sends it.</summary>
    public string Reveal() => _text;

    public override string ToString() => Stars;

    /// <summary>A text of somebody else's without this secret: what refuses a request may repeat it.</summary>
    public string Mask(string text)
    {
        if (_text.Length == 0)
        {
            return text;
        }

        // As it is, as it stands in JSON of ours and of Python's, and as .NET quotes bytes that are no HTTP.
        foreach (var form in (ReadOnlySpan<string>)[_text, JsonEncodedText.Encode(_text).Value, AsPythonWrites(), Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(_text))])
        {
            text = text.Replace(form, Stars, StringComparison.Ordinal);
        }

        return text;
    }

    private string AsPythonWrites()
    {
        var json = new StringBuilder(_text.Length);
        foreach (var unit in _text)
        {
            _ = unit switch
            {
                '"' or '\\' => json.Append('\\').Append(unit),
                < ' ' or > '~' => json.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}"),
                _ => json.Append(unit),
            };
        }

        return json.ToString();
    }
}
