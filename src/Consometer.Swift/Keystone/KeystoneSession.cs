using System.Net;

namespace Consometer.Swift.Keystone;

/// <summary>
/// The way to Keystone and to what takes its tokens: one token for all who ask, got when the first asks, renewed before it ends and after
/// it was refused. For as long as the program runs; any number may ask at a time.
/// </summary>
public sealed class KeystoneSession(KeystoneOptions options, TimeProvider clock) : IDisposable
{
    /// <summary>As keystoneauth does: renewed when less remains, or less than a tenth of a token's life if that is shorter.</summary>
    private static readonly TimeSpan RemainingMin = TimeSpan.FromSeconds(120);

    /// <summary>How long a token that could not be renewed is used on, before that is tried again.</summary>
    private static readonly TimeSpan RenewalPause = TimeSpan.FromSeconds(10);

    private readonly KeystoneHttp _http = new(options, clock);
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _lock = new();
    private TokenDesk? _desk;
    private Held? _held;
    private bool _hadOne;
    private Task<KeystoneToken>? _asking;

    /// <summary>Whom is asked, and as whom.</summary>
    public KeystoneOptions Options => options;

    /// <summary>A token that is good for a while. However many ask, one request is under way, and its failure is everybody's.</summary>
    /// <exception cref="KeystoneException">Keystone refused or did not answer, or the token is one that was given and has ended.</exception>
    public async Task<KeystoneToken> TokenAsync(CancellationToken stopping)
    {
        Task<KeystoneToken> asking;
        lock (_lock)
        {
            if (_held is { } held && clock.GetElapsedTime(held.Asked) < held.RenewAfter)
            {
                return held.Token;
            }

            asking = _asking ??= Task.Run(() => RenewAsync(_closing.Token), CancellationToken.None);
        }

        return await asking.WaitAsync(stopping);
    }

    /// <summary>
    /// Says that a token was refused (401): who asks next gets another. Of many that were refused one and the same token the first makes it
    /// renewed, and no other. Then repeat the request, once.
    /// </summary>
    public void Invalidate(KeystoneToken token)
    {
        lock (_lock)
        {
            if (_held?.Token.Value == token.Value)
            {
                _held = null;
            }
        }
    }

    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
        _http.Dispose();
    }

    /// <summary>Asks Keystone with the token; after a 401 once more with another one.</summary>
    /// <returns>An answer of any status below 500.</returns>
    internal async Task<KeystoneAnswer> GetAsync(string path, string wanted, CancellationToken stopping)
    {
        var question = new KeystoneQuestion(HttpMethod.Get, path, wanted);
        var token = await TokenAsync(stopping);
        var answer = await _http.AskAsync(question with { Token = token.Value }, stopping);
        if (answer.Status != HttpStatusCode.Unauthorized)
        {
            return answer;
        }

        Invalidate(token);
        token = await TokenAsync(stopping);
        return await _http.AskAsync(question with { Token = token.Value }, stopping);
    }

    /// <summary>A failure of what was asked for here.</summary>
    internal KeystoneException Failure(string wanted, string found)
    {
        lock (_lock)
        {
            return _http.Failure(wanted, found, _held?.Token.Value);
        }
    }

    private async Task<KeystoneToken> RenewAsync(CancellationToken closing)
    {
        var asked = clock.GetTimestamp();
        try
        {
            if (_hadOne && options.Credentials is KeystoneCredentials.Token)
            {
                throw _http.Failure($"a token ({options})", "that it has ended or was revoked: one that was given cannot be renewed");
            }

            _desk ??= new TokenDesk(options, _http, clock);
            var (token, life) = await _desk.IssueAsync(closing);
            Hold(new Held(token, asked, life, RenewalOf(life)));
            return token;
        }
        catch (KeystoneException)
        {
            if (UseOn() is { } held)
            {
                return held.Token;
            }

            throw;
        }
        finally
        {
            lock (_lock)
            {
                _asking = null;
            }
        }
    }

    private TimeSpan RenewalOf(TimeSpan life) =>
        options.Credentials is KeystoneCredentials.Token ? life : life - TimeSpan.FromTicks(Math.Min(life.Ticks / 10, RemainingMin.Ticks));

    private void Hold(Held held)
    {
        lock (_lock)
        {
            _held = held;
            _hadOne = true;
        }
    }

    /// <summary>A token that could not be renewed in good time and has not ended yet: better than none.</summary>
    private Held? UseOn()
    {
        lock (_lock)
        {
            if (_held is not { } held || clock.GetElapsedTime(held.Asked) is var age && age >= held.Life)
            {
                return null;
            }

            return _held = held with { RenewAfter = age + RenewalPause < held.Life ? age + RenewalPause : held.Life };
        }
    }

    /// <param name="Token">The token.</param>
    /// <param name="Asked">When it was asked for, a timestamp of the clock's: it counts on where the time of day is set.</param>
    /// <param name="Life">How long after that it ends.</param>
    /// <param name="RenewAfter">How long after that another is asked for.</param>
    private sealed record Held(KeystoneToken Token, long Asked, TimeSpan Life, TimeSpan RenewAfter);
}
