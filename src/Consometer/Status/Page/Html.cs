using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace Consometer.Status.Page;

/// <summary>
/// A piece of the page. Markup are only the literals of an interpolated string; whatever is put into one is text and is escaped, unless
/// it is such a piece itself. So a name from anywhere cannot become markup, wherever it is shown; attributes must be in quotes.
/// </summary>
internal sealed class Html
{
    public static readonly Html Nothing = new("");

    private readonly string _markup;

    private Html(string markup) => _markup = markup;

    public static Html Of(Markup markup) => new(markup.Text);

    /// <summary>One after another.</summary>
    public static Html Each<T>(IEnumerable<T> items, Func<T, Html> piece) => new(string.Concat(items.Select(item => piece(item)._markup)));

    /// <summary>A file of the program itself, which is markup as it is.</summary>
    public static Html OfProgram(string markup) => new(markup);

    public override string ToString() => _markup;

    /// <summary>What the compiler makes an interpolated string of.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Markup
    {
        private readonly StringBuilder _text;

        public Markup(int literalLength, int formattedCount) => _text = new StringBuilder(literalLength + (16 * formattedCount));

        public string Text => _text.ToString();

        public void AppendLiteral(string markup) => _text.Append(markup);

        public void AppendFormatted(Html? piece) => _text.Append(piece?._markup);

        public void AppendFormatted(string? text) => _text.Append(HtmlEncoder.Default.Encode(text ?? ""));

        public void AppendFormatted(long number) => _text.Append(number);

        public void AppendFormatted(decimal number) => _text.Append(CultureInfo.InvariantCulture, $"{number}");

        /// <summary>A coordinate: hundredths of a unit are as fine as a screen.</summary>
        public void AppendFormatted(double coordinate) => _text.Append(CultureInfo.InvariantCulture, $"{coordinate:0.##}");
    }
}
