using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Consometer.Scenarios.Lab;

/// <summary>The lab's Keystone, asked as its administrator: the other word on what projects there are.</summary>
internal sealed class KeystoneAdmin : IDisposable
{
    private const string Root = "http://127.0.0.1:5000/v3/";

    private static readonly string[] Methods = ["password"];

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(Root) };

    private KeystoneAdmin()
    {
    }

    public static async Task<KeystoneAdmin> LogInAsync()
    {
        var keystone = new KeystoneAdmin();
        var domain = new { id = "default" };
        using var answer = await keystone.PostAsync("auth/tokens", new
        {
            auth = new
            {
                identity = new { methods = Methods, password = new { user = new { name = "admin", password = "adminpass", domain } } },
                scope = new { project = new { name = "admin", domain } },
            },
        });
        answer.EnsureSuccessStatusCode();
        keystone._http.DefaultRequestHeaders.Add("X-Auth-Token", answer.Headers.GetValues("X-Subject-Token").Single());
        return keystone;
    }

    /// <summary>The ids of the projects that are disabled.</summary>
    public async Task<HashSet<string>> DisabledProjectIdsAsync()
    {
        var projects = await ListAsync("projects");
        return [.. projects.Where(project => !project.GetProperty("enabled").GetBoolean()).Select(project => project.GetProperty("id").GetString()!)];
    }

    /// <summary>A user who is nothing more than a member of project service, until disposed.</summary>
    public async Task<IAsyncDisposable> AddMemberAsync(string name, string password)
    {
        // A run that was killed may have left one, with another password.
        foreach (var left in await ListAsync($"users?name={name}"))
        {
            using var deleted = await _http.DeleteAsync(UserPath(left.GetProperty("id").GetString()!));
        }

        using var answer = await PostAsync("users", new { user = new { name, password, domain_id = "default" } });
        answer.EnsureSuccessStatusCode();
        var user = (await answer.Content.ReadFromJsonAsync<JsonObject>())!["user"]!["id"]!.GetValue<string>();
        var role = (await ListAsync("roles?name=member")).Single().GetProperty("id").GetString();
        var project = (await ListAsync("projects?name=service")).Single().GetProperty("id").GetString();
        using var granted = await _http.PutAsync(new Uri($"projects/{project}/users/{user}/roles/{role}", UriKind.Relative), content: null);
        granted.EnsureSuccessStatusCode();
        return new Member(this, user);
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> PostAsync(string path, object body)
    {
        // Not PostAsJsonAsync: it sends chunks, which the lab's uWSGI does not read.
        using var content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        return await _http.PostAsync(new Uri(path, UriKind.Relative), content);
    }

    private async Task<JsonElement[]> ListAsync(string path)
    {
        var body = await _http.GetFromJsonAsync<JsonElement>(path);
        return [.. body.GetProperty(path.Split('?')[0]).EnumerateArray()];
    }

    private static Uri UserPath(string id) => new($"users/{id}", UriKind.Relative);

    private sealed class Member(KeystoneAdmin keystone, string id) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            using var answer = await keystone._http.DeleteAsync(UserPath(id));
        }
    }
}
