using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Sidecars.Tests.OpenAi;

/// <summary>The transformer of docs/openai.md: it is the one here, and does what the page says.</summary>
public class OpenAiDocTests
{
    [Fact]
    public void Page_CodeBlock_IsTheCompiledFile()
    {
        string here = ThisFolder();
        string page = File.ReadAllText(Path.Combine(here, "..", "..", "..", "docs", "openai.md"));
        string file = File.ReadAllText(Path.Combine(here, "PolicyTransformer.cs"));

        Between(page, "```csharp\n", "```").Should().Be(Between(file, "// <doc>\n", "// </doc>"));
    }

    [Fact]
    public async Task Transformer_WholeAnswer_ShapesRequestAndAnswer()
    {
        await using ScriptedUpstream upstream = ScriptedUpstream.Answering("""{"choices":[{"message":{"content":"It was Voldemort."}},{"message":{"content":null}}]}""");
        await using OpenAiServer server = await OpenAiServer.StartAsync<PolicyTransformer>(upstream.Host);

        (_, string body) = await server.AskAsync(
            "/openai/v1/chat/completions", """{"model":"llm","messages":[{"role":"user","content":"Who?"}]}""");

        body.Should().Be("""{"choices":[{"message":{"content":"It was You-know-who."}},{"message":{"content":null}}]}""");
        upstream.Only.Body.Should().Be(
            """{"model":"llm","messages":[{"role":"system","content":"Answer briefly."},{"role":"user","content":"Who?"}],"max_tokens":256}""");
        upstream.Only.Headers["x-tenant"].Should().Be("research");
    }

    [Fact]
    public async Task Transformer_Stream_MasksEachChunk()
    {
        await using ScriptedUpstream upstream = ScriptedUpstream.Streaming(
            """{"choices":[{"delta":{"role":"assistant"}}]}""", """{"choices":[{"delta":{"content":"Voldemort"}}]}""", """{"choices":[]}""", "[DONE]");
        await using OpenAiServer server = await OpenAiServer.StartAsync<PolicyTransformer>(upstream.Host);

        using EventStream events = await EventStream.OpenAsync(
            server.PostAsync("/openai/v1/chat/completions", """{"model":"llm","messages":[],"stream":true}"""));

        (await events.RestAsync()).Should().Equal(
            """{"choices":[{"delta":{"role":"assistant"}}]}""", """{"choices":[{"delta":{"content":"You-know-who"}}]}""", """{"choices":[]}""", "[DONE]");
    }

    [Fact]
    public async Task Transformer_LongConversation_IsRefused()
    {
        await using OpenAiServer server = await OpenAiServer.StartAsync<PolicyTransformer>("127.0.0.1:1");
        var messages = new JsonArray([.. Enumerable.Range(0, 51).Select(_ => (JsonNode)new JsonObject())]);

        (HttpStatusCode status, JsonObject error) = await server.FailAsync(
            "/openai/v1/chat/completions", new JsonObject { ["model"] = "llm", ["messages"] = messages }.ToJsonString());

        status.Should().Be(HttpStatusCode.BadRequest);
        ((string)error["message"]!).Should().Be("This conversation is too long.");
    }

    private static string Between(string text, string start, string end)
    {
        int from = text.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
    }

    private static string ThisFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
