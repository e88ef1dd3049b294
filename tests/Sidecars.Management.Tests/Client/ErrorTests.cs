using Microsoft.AspNetCore.Http;
using Sidecars.Management.Tests.Cluster;
using static Sidecars.Management.Tests.Client.Services;

namespace Sidecars.Management.Tests.Client;

/// <summary>An error says what to do about it.</summary>
public sealed class ErrorTests : IAsyncLifetime
{
    private ScriptedApiServer _server = null!;

    public async Task InitializeAsync() => _server = await ScriptedApiServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Any_NoResourceDefinition_SaysThatKServeIsNotInstalled()
    {
        _server.KServeInstalled = false;
        using KServeClient client = _server.Client();

        foreach (Func<Task> act in (Func<Task>[])
            [() => client.GetAsync("churn"), () => client.CreateAsync(Churn()), () => client.ListAsync(), () => client.WaitUntilReadyAsync("churn")])
        {
            (await Fails(act, KServeError.NotInstalled)).Message.Should().Contain("KServe is not installed");
        }
    }

    [Fact]
    public async Task Create_NoSuchNamespace_IsNotTakenForAMissingKServe()
    {
        _server.Next("create", _ => throw new ApiRefusal(
            404, "NotFound", "namespaces \"ghost\" not found", new() { ["name"] = "ghost", ["kind"] = "namespaces" }));
        using KServeClient client = _server.Client();

        KServeException e = await Fails(() => client.CreateAsync(Churn(), "ghost"), KServeError.NotFound);

        e.Message.Should().Be("There is no namespace 'ghost'.");
    }

    [Theory]
    [InlineData("get")]
    [InlineData("update")]
    [InlineData("patch")]
    [InlineData("delete")]
    [InlineData("list")]
    [InlineData("create")]
    public async Task Any_Forbidden_NamesVerbResourceAndNamespace(string verb)
    {
        _server.Forbidden.Add(verb + " inferenceservices");
        using KServeClient client = _server.Client();
        InferenceService pinned = Churn();
        pinned.Metadata.ResourceVersion = "1";
        Func<Task> act = verb switch
        {
            "get" => () => client.GetAsync("churn"),
            "update" => () => client.ReplaceAsync(pinned),
            "patch" => () => client.ApplyAsync(Churn()),
            "delete" => () => client.DeleteAsync("churn"),
            "list" => () => client.ListAsync(),
            _ => () => client.CreateAsync(Churn()),
        };

        KServeException e = await Fails(act, KServeError.Forbidden);

        e.Message.Should().Contain($"may not {verb} inferenceservices.serving.kserve.io in namespace 'team'")
            .And.Contain("User \"ada\"").And.Contain($"Role with verb '{verb}'");
    }

    [Fact]
    public async Task Wait_WatchForbidden_NamesTheVerbWatch()
    {
        using KServeClient client = _server.Client();
        await client.CreateAsync(Churn());
        _server.Forbidden.Add("watch inferenceservices");

        (await Fails(() => client.WaitUntilReadyAsync("churn"), KServeError.Forbidden)).Message.Should().Contain("may not watch");
    }

    [Fact]
    public async Task Any_WrongToken_SaysToSignIn()
    {
        _server.Token = "right";
        using KServeClient wrong = _server.Client(token: "wrong");
        using KServeClient right = _server.Client(token: "right");

        (await Fails(() => wrong.GetAsync("churn"), KServeError.Unauthorized)).Message.Should().Contain("Sign in again");
        (await right.ListAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Create_RefusedByAWebhook_RepeatsWhatItSaid()
    {
        _server.Next("create", _ => throw new ApiRefusal(
            400, "BadRequest", "admission webhook \"inferenceservice.kserve-webhook-server.validator\" denied the request: exactly one of [Model] must be specified"));
        using KServeClient client = _server.Client();

        (await Fails(() => client.CreateAsync(Churn()), KServeError.Invalid)).Message
            .Should().Contain("denied the request: exactly one of [Model] must be specified");
    }

    [Fact]
    public async Task Any_PageOfAProxy_IsShownShort()
    {
        _server.Next("get", async context =>
        {
            context.Response.StatusCode = 502;
            await context.Response.WriteAsync("<html>" + new string('x', 5000));
            return true;
        });
        using KServeClient client = _server.Client();

        KServeException e = await Fails(() => client.GetAsync("churn"), KServeError.Server);

        e.HttpStatus.Should().Be(502);
        e.Message.Length.Should().BeLessThan(500);
    }

    [Fact]
    public async Task Any_NobodyThere_NamesTheAddress()
    {
        Uri gone = _server.Address;
        await _server.DisposeAsync();
        using var client = new KServeClient(new KServeClientOptions
        {
            Configuration = new k8s.KubernetesClientConfiguration { Host = gone.ToString() },
        });

        (await Fails(() => client.GetAsync("churn"), KServeError.Unreachable)).Message.Should().Contain(gone.Authority);
    }

    [Fact]
    public async Task Any_ServerSaysLater_IsAskedAgainAfterThatTime()
    {
        var time = new SignallingTime();
        using KServeClient client = _server.Client(time);
        _server.Next("create", context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "7";
            return Task.FromResult(true);
        });

        Task<InferenceService> creating = client.CreateAsync(Churn());
        await time.PassAsync(TimeSpan.FromSeconds(7));

        (await creating).Metadata.Name.Should().Be("churn");
        _server.Verbs.Should().Equal("create", "create");
    }

    [Theory]
    [InlineData("2147483647")]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT")]
    public async Task Any_LaterThanAnyTimer_IsNoErrorOfATimer(string later)
    {
        var time = new SignallingTime();
        using KServeClient client = _server.Client(time);
        _server.Next("create", context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = later;
            return Task.FromResult(true);
        });

        Task<InferenceService> creating = client.CreateAsync(Churn());
        await time.PassAsync(TimeSpan.FromSeconds(60));

        (await Fails(() => creating, KServeError.Unreachable)).Message.Should().EndWith("cannot be reached: no answer in 60 s");
    }

    [Fact]
    public async Task Any_AlwaysLater_GivesUp()
    {
        using KServeClient client = _server.Client();
        foreach (int _ in Enumerable.Range(0, 20))
        {
            _server.Next("get", context =>
            {
                context.Response.StatusCode = 429;
                context.Response.Headers.RetryAfter = "0";
                return Task.FromResult(true);
            });
        }

        (await Fails(() => client.GetAsync("churn"), KServeError.Server)).HttpStatus.Should().Be(429);
        _server.Verbs.Should().HaveCount(9);
    }
}
