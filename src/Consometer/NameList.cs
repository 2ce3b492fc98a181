using System.Runtime.CompilerServices;
using System.Text;
using Consometer.Rings;
using Consometer.Swift;

namespace Consometer;

/// <summary>A list of projects or accounts as text: UTF-8, one a line, as it stands. Empty lines are passed over, and a name's second line.</summary>
internal static class NameList
{
    /// <summary>Stands for standard input.</summary>
    public const string StandardInput = "-";

    private const int BufferBytes = 64 << 10;

    /// <param name="path">The file, or <see cref="StandardInput"/>.</param>
    /// <param name="what">What the list is to the operator: projects, accounts.</param>
    /// <exception cref="InputFileException">The file cannot be read, or is not UTF-8.</exception>
    public static async IAsyncEnumerable<string> ReadAsync(string path, string what, [EnumeratorCancellation] CancellationToken stopping)
    {
        var seen = new NameSet();
        using var reader = Open(path, what);
        while (await ReadLineAsync(path, what, reader, stopping) is { } line)
        {
            if (line.Length > 0 && seen.Add(line))
            {
                yield return line;
            }
        }
    }

    /// <summary>All of them at once.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public static async Task<NameSet> ReadAllAsync(string path, string what, CancellationToken stopping)
    {
        var names = new NameSet();
        using var reader = Open(path, what);
        while (await ReadLineAsync(path, what, reader, stopping) is { } line)
        {
            if (line.Length > 0)
            {
                names.Add(line);
            }
        }

        return names;
    }

    /// <summary>The names on a command line; <see cref="StandardInput"/> among them stands for those it has.</summary>
    /// <exception cref="InputFileException">Standard input is not UTF-8.</exception>
    public static async IAsyncEnumerable<string> OfArgumentsAsync(string[] names, string what, [EnumeratorCancellation] CancellationToken stopping)
    {
        foreach (var name in names)
        {
            await foreach (var given in name == StandardInput ? ReadAsync(name, what, stopping) : new[] { name }.ToAsyncEnumerable())
            {
                yield return given;
            }
        }
    }

    private static StreamReader Open(string path, string what)
    {
        try
        {
            var stream = path == StandardInput ? Console.OpenStandardInput() : File.OpenRead(path);
            var encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
            return new StreamReader(stream, encoding, detectEncodingFromByteOrderMarks: true, BufferBytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputFileException($"{what} {path}: cannot be read: {e.Message}", e);
        }
    }

    private static async ValueTask<string?> ReadLineAsync(string path, string what, StreamReader reader, CancellationToken stopping)
    {
        try
        {
            // A read from a terminal is not to be cancelled, but it need not be waited for.
            return await reader.ReadLineAsync(stopping).AsTask().WaitAsync(stopping);
        }
        catch (Exception e) when (e is DecoderFallbackException or IOException or UnauthorizedAccessException)
        {
            throw new InputFileException($"{what} {path}: wanted lines of UTF-8, found: {e.Message}", e);
        }
    }
}
