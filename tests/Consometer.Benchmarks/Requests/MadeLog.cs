using System.Globalization;
using System.Text;

namespace Consometer.Benchmarks.Requests;

/// <summary>An access log in the layout of Swift 2.36 and later, by a seed: what a busy proxy writes in four minutes.</summary>
internal static class MadeLog
{
    private const int Seed = 1;
    private const int Accounts = 100;
    private const int Addresses = 500;
    private const double SecondsOfLog = 250;

    private static readonly DateTimeOffset Start = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private static readonly string[] Agents = ["curl/7.88.1", "python-swiftclient-4.6.0", "aws-sdk-go/1.44.0%20%28go1.20%3B%20linux%3B%20amd64%29", "rclone/v1.60.1-DEV", "-"];

    /// <summary>Writes a log.</summary>
    /// <param name="path">Where.</param>
    /// <param name="lines">How many lines.</param>
    /// <param name="containers">How many containers they name: as many as there are lines is another one in each.</param>
    public static void Write(string path, int lines, int containers)
    {
        var random = new Random(Seed);
        using var writer = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 20);
        for (var i = 0; i < lines; i++)
        {
            writer.Write(Line(random, i, SecondsOfLog * i / lines, containers == lines ? i : random.Next(containers)));
        }
    }

    private static string Line(Random random, int number, double second, int container)
    {
        var (method, status, received, sent) = random.Next(100) switch
        {
            < 45 => ("GET", "200", "-", random.Next(1, 1 << 22).ToString(CultureInfo.InvariantCulture)),
            < 70 => ("PUT", "201", random.Next(1, 1 << 22).ToString(CultureInfo.InvariantCulture), "-"),
            < 80 => ("HEAD", "200", "-", "-"),
            < 88 => ("DELETE", "204", "-", "-"),
            < 92 => ("POST", "202", "-", "76"),
            < 97 => ("GET", "404", "-", "70"),
            _ => ("GET", "401", "-", "131"),
        };

        // One in eight is a request that middleware made.
        var isOfMiddleware = random.Next(8) == 0;
        var address = isOfMiddleware ? "-" : string.Create(CultureInfo.InvariantCulture, $"{(random.Next(2) == 0 ? "10.0" : "198.51")}.{random.Next(Addresses) / 250}.{random.Next(Addresses) % 250}");
        var end = Start.AddSeconds(second);
        var seconds = end.ToUnixTimeMilliseconds() / 1000.0;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Nov 21 12:00:00 proxy1 proxy-server: {address} {address} {end:dd'/'MMM'/'yyyy'/'HH'/'mm'/'ss} {method} /v1/AUTH_{container % Accounts:x32}/container-{container}/2026/11/photo%2520{number}.jpg HTTP/1.0 {status} - {Agents[random.Next(Agents.Length)]} gAAAAABnXyZ12345... {received} {sent} - tx{number:x21}-006b021a3f - 0.0{random.Next(1000, 9999)} {(isOfMiddleware ? "VW" : "-")} - {seconds - 0.02:F9} {seconds:F9} 0 -\n");
    }
}
