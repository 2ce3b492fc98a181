using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Consometer.Cli.Output;

/// <summary>Text for people: on a terminal as wide as it is, in a pipe as wide as it needs to be.</summary>
internal sealed class Terminal
{
    /// <summary>Nothing is wrapped or cut where no terminal's width is known.</summary>
    private const int PipeColumns = 10_000;

    private readonly TextWriter _writer;
    private readonly bool _isRedirected;
    private readonly Lazy<IAnsiConsole> _console;

    private Terminal(TextWriter writer, bool isRedirected)
    {
        _writer = writer;
        _isRedirected = isRedirected;
        _console = new Lazy<IAnsiConsole>(Open);
    }

    /// <summary>Standard output, where results go.</summary>
    public static Terminal Output { get; } = new(Console.Out, Console.IsOutputRedirected);

    /// <summary>Standard error, where progress goes.</summary>
    public static Terminal Error { get; } = new(Console.Error, Console.IsErrorRedirected);

    /// <summary>A line as it is: a path that is wrapped can't be copied.</summary>
    public void Line(string text = "") => _writer.WriteLine(text);

    public void Write(IRenderable renderable) => _console.Value.Write(renderable);

    /// <summary>A table whose first column is text and whose others are as said.</summary>
    public static Table NewTable(params (string Title, bool IsNumber)[] columns)
    {
        // A table that is piped on has nothing but lines of words.
        var (border, gap) = Console.IsOutputRedirected ? (TableBorder.None, 2) : (TableBorder.Simple, 1);
        var table = new Table { Border = border, ShowRowSeparators = false };
        foreach (var (title, isNumber) in columns)
        {
            table.AddColumn(new TableColumn(new Text(title)) { Alignment = isNumber ? Justify.Right : Justify.Left, NoWrap = isNumber, Padding = new Padding(0, 0, gap, 0) });
        }

        return table;
    }

    /// <summary>A row of plain text: nothing in a name is taken for markup.</summary>
    public static void AddRow(Table table, params IEnumerable<string> cells) => table.AddRow(cells.Select(cell => new Text(Visible(cell))));

    /// <summary>Counts accounts as they are done, where somebody watches.</summary>
    /// <param name="what">What is going on.</param>
    /// <param name="work">The work; it is given what to call with the number done.</param>
    public async Task<T> WatchAsync<T>(string what, Func<Action<long>?, Task<T>> work)
    {
        if (_isRedirected)
        {
            return await work(null);
        }

        return await _console.Value.Status().StartAsync(Markup.Escape(what), async status =>
            await work(done => status.Status = Markup.Escape(string.Create(CultureInfo.InvariantCulture, $"{what}: {done:N0} accounts"))));
    }

    private IAnsiConsole Open()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(_writer) });
        if (_isRedirected)
        {
            console.Profile.Width = PipeColumns;
        }

        return console;
    }

    /// <summary>Text of which no character can steer the terminal.</summary>
    public static string Visible(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '�' : c));
}
