using System.CommandLine;
using System.Globalization;

namespace Consometer.Cli;

internal static class NumberRange
{
    /// <summary>Takes whole numbers of a range and nothing else. Looked at as text: asked for the number, the parser throws where there is none.</summary>
    public static Option<T> FromTo<T>(this Option<T> option, int min, int max)
    {
        option.Validators.Add(result =>
        {
            var isNumber = (string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max;
            if (result.Tokens.FirstOrDefault(token => !isNumber(token.Value)) is { } other)
            {
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{option.Name}: wanted a number from {min} to {max}, found \"{other.Value}\""));
            }
        });
        return option;
    }
}
