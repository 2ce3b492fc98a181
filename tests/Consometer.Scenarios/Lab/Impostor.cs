using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Consometer.Scenarios.Lab;

/// <summary>Listens where a node's account-server did, and answers as no account-server should, until disposed. Then the real one is back.</summary>
internal sealed class Impostor : IAsyncDisposable
{
    private const int AccountPort = 6202;

    private readonly Outage _outage;
    private readonly Sickness _sickness;
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly byte[] _garbage = new byte[1 << 16];
    private Task _running = Task.CompletedTask;

    private Impostor(Outage outage, int node, Sickness sickness)
    {
        _outage = outage;
        _sickness = sickness;
        _listener = new TcpListener(new IPAddress([127, 0, 0, (byte)node]), AccountPort);
    }

    /// <param name="node">The node whose place it takes.</param>
    /// <param name="sickness">How it answers; stopped and frozen are not for it.</param>
    public static async Task<Impostor> BeginAsync(int node, Sickness sickness)
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"garbage of seed {seed}");
        var impostor = new Impostor(await RealSwift.StopNodeAsync(node), node, sickness);
        new Random(seed).NextBytes(impostor._garbage);
        impostor._listener.Start();
        impostor._running = impostor.AcceptAsync();
        return impostor;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _listener.Dispose();
        _stopping.Dispose();
        await _outage.DisposeAsync();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptSocketAsync(_stopping.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    /// <summary>Until the client has had enough, or the test has.</summary>
    private async Task ServeAsync(Socket socket)
    {
        using var stream = new NetworkStream(socket, ownsSocket: true);
        using var requests = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
        try
        {
            while (await requests.ReadLineAsync(_stopping.Token) is { } line)
            {
                if (line.Length == 0)
                {
                    await AnswerAsync(stream);
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // It hung up.
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        switch (_sickness)
        {
            case Sickness.NotMounted:
                await WriteAsync(stream, "HTTP/1.1 507 Insufficient Storage\r\nContent-Length: 0\r\n\r\n");
                break;
            case Sickness.Failing:
                await WriteAsync(stream, "HTTP/1.1 500 Internal Error\r\nContent-Length: 0\r\n\r\n");
                break;
            case Sickness.Garbage:
                await stream.WriteAsync(_garbage, _stopping.Token);
                break;
            case Sickness.EndlessHeaders:
                await WriteAsync(stream, "HTTP/1.1 204 No Content\r\n");
                for (var i = 0; ; i++)
                {
                    await WriteAsync(stream, $"X-Account-Meta-{i}: {new string('x', 1000)}\r\n");
                }

            case Sickness.Dripping:
                foreach (var letter in "HTTP/1.1 204 No Content\r\nX-Account-Container-Count: 1\r\nX-Account-Object-Count: 1\r\nX-Account-Bytes-Used: 1\r\n\r\n")
                {
                    await WriteAsync(stream, letter.ToString());
                    await Task.Delay(TimeSpan.FromSeconds(1), _stopping.Token);
                }

                break;
            default:
                throw new InvalidOperationException($"{_sickness} is none of an impostor's");
        }
    }

    private Task WriteAsync(NetworkStream stream, string text) => stream.WriteAsync(Encoding.ASCII.GetBytes(text), _stopping.Token).AsTask();
}
