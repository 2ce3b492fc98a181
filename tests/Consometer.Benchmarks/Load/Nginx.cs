using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Consometer.Rings;
using Consometer.Scenarios.Running;

namespace Consometer.Benchmarks.Load;

/// <summary>
/// nginx in the place of account-servers: one worker on four addresses, connections that are kept, and for every account the answer of
/// <c>fixtures/responses/account-head-204.http</c>; but a 404 on the last address for one account in sixteen, so that another replica is asked.
/// </summary>
internal sealed class Nginx : IAsyncDisposable
{
    public const string Device = "d0";

    private const char MissingFirst = '0';

    private readonly RunningProgram _program;
    private readonly string _folder;
    private readonly HttpClient _status;

    private Nginx(RunningProgram program, string folder, int port)
    {
        _program = program;
        _folder = folder;
        Port = port;
        _status = new HttpClient { BaseAddress = new Uri($"{Url}/status") };
    }

    /// <summary>That of the first address.</summary>
    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://{Address(0)}:{Port}");

    public int Port { get; }

    /// <summary>The address of a node, counted from 0.</summary>
    public static string Address(int node) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.{node + 1}");

    /// <summary>Whether a device does not have an account.</summary>
    public static bool IsMissing(Device device, string project) => device.Ip == Address(LoadCluster.Nodes - 1) && project[0] == MissingFirst;

    public static async Task<Nginx> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("consometer-nginx-").FullName;
        var port = FreePort();
        var file = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(file, Configuration(folder, port));
        var nginx = new Nginx(RunningProgram.Start("nginx", ["-c", file, "-e", Path.Combine(folder, "error.log")]), folder, port);
        await nginx.UntilItAnswersAsync();
        return nginx;
    }

    /// <summary>How many requests it has answered; this one is one of them.</summary>
    public async Task<long> RequestsAsync()
    {
        // Active connections: 1 / server accepts handled requests / 1 1 1 / …
        var lines = (await _status.GetStringAsync((string?)null)).Split('\n');
        return long.Parse(lines[2].Split(' ', StringSplitOptions.RemoveEmptyEntries)[2], CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        _status.Dispose();
        await _program.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task UntilItAnswersAsync()
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await RequestsAsync();
                return;
            }
            catch (HttpRequestException) when (attempt < 100 && !_program.HasEnded)
            {
                await Task.Delay(50);
            }
            catch (HttpRequestException e)
            {
                throw new InvalidOperationException($"wanted nginx on port {Port}, found {e.Message}: {_program.ErrorsSoFar}", e);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Any, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Configuration(string folder, int port)
    {
        var figures = string.Concat(Figures().Select(header => $"add_header {header.Name} '{header.Value}';\n"));
        string Listen(IEnumerable<int> nodes) => string.Concat(nodes.Select(node => string.Create(CultureInfo.InvariantCulture, $"listen {Address(node)}:{port} backlog=1024;\n")));
        return $$"""
            daemon off;
            worker_processes 1;
            pid {{folder}}/nginx.pid;
            events { worker_connections 1024; }
            http {
              access_log off;
              keepalive_requests 1000000000;
              keepalive_timeout 1h;
              server {
                {{Listen(Enumerable.Range(0, LoadCluster.Nodes - 1))}}
                location = /status { stub_status; }
                location / { {{figures}} return 204; }
              }
              server {
                {{Listen([LoadCluster.Nodes - 1])}}
                location ~ ^/{{Device}}/[0-9]+/AUTH_{{MissingFirst}} { return 404; }
                location / { {{figures}} return 204; }
              }
            }
            """;
    }

    /// <summary>The headers of a real answer that nginx does not make itself.</summary>
    private static IEnumerable<(string Name, string Value)> Figures() => File.ReadLines(Path.Combine(Repository.Root, "fixtures/responses/account-head-204.http"))
        .Select(line => line.TrimEnd().Split(": ", 2))
        .Where(header => header.Length == 2 && header[0] is not ("Date" or "Content-Length"))
        .Select(header => (header[0], header[1]));
}
