using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Consometer.Simulation;

/// <summary>A Keystone of 27.0.0 or later with one domain: versions, tokens, and the lists of projects, domains, services and endpoints.</summary>
internal sealed class SimulatedKeystone : ILoopbackService
{
    private readonly KeystoneAnswers _answers;
    private readonly KeystoneTokens _tokens;
    private readonly KeystoneProjects _projects;
    private readonly TimeProvider _clock;
    private readonly RequestDelegate _healthy;
    private volatile NodeFault _fault = NodeFault.None;

    public SimulatedKeystone(SimulationPlan plan, IReadOnlyList<SimulatedAccount> accounts, TimeProvider clock)
    {
        var numbers = new SeededNumbers(plan.Seed, SeededNumbers.Stream.Keystone);
        Reader = new KeystoneUser(numbers.NextId(), "meter-reader", NextPassword(numbers), SystemRole: "reader", ProjectRole: "reader");
        Admin = new KeystoneUser(numbers.NextId(), "consometer", NextPassword(numbers), SystemRole: null, ProjectRole: "admin");
        _answers = new KeystoneAnswers(numbers);
        ApplicationCredentials =
        [
            .. accounts.Where(account => account.ProjectName == AccountDraw.ServiceProject)
                .Select(service => new KeystoneApplicationCredential(numbers.NextId(), "metering", NextPassword(numbers), Admin, service)),
        ];
        _tokens = new KeystoneTokens(new KeystoneLogins([Reader, Admin], ApplicationCredentials, accounts), Catalog, plan.TokenLifetime, _answers, numbers, clock);
        _projects = new KeystoneProjects(accounts, plan.KeystonePageMax, _answers);
        _clock = clock;
        _healthy = RouteAsync;
    }

    public KeystoneUser Reader { get; }

    public KeystoneUser Admin { get; }

    /// <summary>The admin's in the project <c>service</c>; none where there is no project.</summary>
    public IReadOnlyList<KeystoneApplicationCredential> ApplicationCredentials { get; }

    public KeystoneCatalog Catalog { get; } = new();

    public KeystoneTokens Tokens => _tokens;

    public KeystoneProjects Projects => _projects;

    public NodeFault Fault
    {
        get => _fault;
        set => _fault = value;
    }

    public Task MeetAsync(ConnectionContext connection, ConnectionDelegate next) => _fault.MeetAsync(connection, next);

    public Task AnswerAsync(HttpContext context, CancellationToken closing) => _fault.AnswerAsync(context, _healthy, _clock, closing);

    /// <summary>Letters in front, so that no YAML file takes it for a number.</summary>
    private static string NextPassword(SeededNumbers numbers) => "pw-" + numbers.NextId();

    private Task RouteAsync(HttpContext context) =>
        (context.Request.Method, context.Request.Path.Value) switch
        {
            ("GET", "/" or "") => VersionsAsync(context),
            ("GET", "/v3" or "/v3/") => VersionAsync(context),
            ("POST", "/v3/auth/tokens") => _tokens.IssueAsync(context),
            ("GET", "/v3/auth/tokens") => _tokens.ShowAsync(context),
            ("GET", "/v3/projects") => ListAsync(context, "identity:list_projects", _projects.ListAsync),
            ("GET", "/v3/domains") => ListAsync(context, "identity:list_domains", Json(KeystoneProjects.WriteDomains)),
            ("GET", "/v3/services") => ListAsync(context, "identity:list_services", Json(KeystoneCatalog.WriteServices)),
            ("GET", "/v3/endpoints") => ListAsync(context, "identity:list_endpoints", Json(Catalog.WriteEndpoints)),
            _ => _answers.ErrorAsync(context, StatusCodes.Status404NotFound, "The requested URL was not found on the server."),
        };

    /// <summary>Every list is for the same: an admin, and the reader of the system.</summary>
    private Task ListAsync(HttpContext context, string rule, Func<HttpContext, Task> list) => _tokens.Recognise(context) switch
    {
        null => _answers.UnauthorizedAsync(context),
        { MayListProjects: false } => _answers.ForbiddenAsync(context, rule),
        _ => list(context),
    };

    private Func<HttpContext, Task> Json(Action<Utf8JsonWriter, HttpContext> write) =>
        context => _answers.JsonAsync(context, StatusCodes.Status200OK, json => write(json, context));

    private Task VersionsAsync(HttpContext context)
    {
        context.Response.Headers.Location = $"{KeystoneAnswers.BaseUri(context)}/v3/";
        return _answers.JsonAsync(context, StatusCodes.Status300MultipleChoices, json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("versions");
            json.WriteStartArray("values");
            WriteVersion(json, context);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    private Task VersionAsync(HttpContext context) => _answers.JsonAsync(context, StatusCodes.Status200OK, json =>
    {
        json.WriteStartObject();
        json.WritePropertyName("version");
        WriteVersion(json, context);
        json.WriteEndObject();
    });

    private static void WriteVersion(Utf8JsonWriter json, HttpContext context)
    {
        json.WriteStartObject();
        json.WriteString("id", "v3.14");
        json.WriteString("status", "stable");
        json.WriteString("updated", "2020-04-07T00:00:00Z");
        json.WriteStartArray("links");
        json.WriteStartObject();
        json.WriteString("rel", "self");
        json.WriteString("href", $"{KeystoneAnswers.BaseUri(context)}/v3/");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartArray("media-types");
        json.WriteStartObject();
        json.WriteString("base", "application/json");
        json.WriteString("type", "application/vnd.openstack.identity-v3+json");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
