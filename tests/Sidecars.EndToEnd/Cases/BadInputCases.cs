using System.Text;
using Sidecars.EndToEnd.Fixtures;
using Sidecars.EndToEnd.Wire;
using static Sidecars.EndToEnd.Wire.HttpRequestText;

namespace Sidecars.EndToEnd.Cases;

/// <summary>What no decent client sends. Each gets its error, the server goes on, and its memory stays bounded.</summary>
[Collection(SharedServerTests.Name)]
public sealed class BadInputCases(SharedServer shared)
{
    private const string Predict = "/v1/models/echo:predict";

    private const string Infer = "/v2/models/echo/infer";

    private Bench Bench => shared.Bench;

    /// <summary>Bytes that are no request, whole: the server may say so or hang up, but not serve it.</summary>
    public static TheoryData<string, string> NoHttp => new()
    {
        { "garbage", "\u0001\u0002\u0003\r\n\r\n" },
        { "no version", "GET /\r\n\r\n" },
        { "unknown version", "GET / HTTP/9.9\r\nHost: x\r\n\r\n" },
        { "header without colon", "GET / HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n" },
        { "header name with a space", "GET / HTTP/1.1\r\nHost: x\r\nA b: c\r\n\r\n" },
        { "header with a null", "GET / HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n" },
        { "negative length", $"POST {Predict} HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n" },
        { "length no number", $"POST {Predict} HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n" },
        { "length beyond 64 bits", $"POST {Predict} HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n" },
        { "two lengths", $"POST {Predict} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{{}}x" },
        { "chunk size no number", $"POST {Predict} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{{}}\r\n0\r\n\r\n" },
        { "chunk without its end", $"POST {Predict} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{{}}xx\r\n0\r\n\r\n" },
        { "chunk size beyond 64 bits", $"POST {Predict} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n" },
        { "unknown transfer coding", $"POST {Predict} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: sideways\r\n\r\n" },
        { "two hosts", "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n" },
        { "target with a space", "GET /v1/mo dels HTTP/1.1\r\nHost: x\r\n\r\n" },
        { "TLS", "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003\r\n\r\n" },
    };

    /// <summary>JSON that is made to hurt.</summary>
    public static TheoryData<string, string, string> Nasty => new()
    {
        { "depth 10 000", Predict, new string('[', 10_000) + new string(']', 10_000) },
        { "depth 10 000 of objects", Predict, string.Concat(Enumerable.Repeat("{\"a\":", 10_000)) + "1" + new string('}', 10_000) },
        { "depth 10 000 in instances", Predict, "{\"instances\":" + new string('[', 10_000) + new string(']', 10_000) + "}" },
        { "depth 10 000 in V2 data", Infer, "{\"inputs\":[{\"name\":\"a\",\"shape\":[1],\"datatype\":\"FP32\",\"data\":" + new string('[', 10_000)
            + "1" + new string(']', 10_000) + "}]}" },
        { "depth 10 000 in V2 parameters", Infer, "{\"inputs\":[],\"parameters\":{\"a\":" + new string('[', 10_000) + new string(']', 10_000) + "}}" },
        { "number of 100 000 digits in V2", Infer, "{\"inputs\":[{\"name\":\"a\",\"shape\":[1],\"datatype\":\"INT64\",\"data\":["
            + new string('9', 100_000) + "]}]}" },
        { "shape of 100 000 dimensions, wrong", Infer, "{\"inputs\":[{\"name\":\"a\",\"shape\":["
            + string.Join(',', Enumerable.Repeat("2", 100_000)) + "],\"datatype\":\"FP32\",\"data\":[1]}]}" },
        { "bad escape", Predict, "{\"instances\":[\"\\x\"]}" },
        { "cut escape", Predict, "{\"instances\":[\"\\u12\"]}" },
        { "control character in text", Predict, "{\"instances\":[\"\u0001\"]}" },
        { "leading zero", Predict, "{\"instances\":[01]}" },
        { "number without digits", Predict, "{\"instances\":[-]}" },
        { "key without quotes", Predict, "{instances:[1]}" },
        { "single quotes", Predict, "{'instances':[1]}" },
        { "null byte", Predict, "\0" },
        { "only spaces", Predict, "   " },
        { "V2 wants more data than it has", Infer, "{\"inputs\":[{\"name\":\"a\",\"shape\":[2000000000],\"datatype\":\"FP64\",\"data\":[1]}]}" },
    };

    [Theory(DisplayName = "5 bytes that are no HTTP")]
    [MemberData(nameof(NoHttp))]
    public async Task Http_NoRequest_IsRefused(string why, string bytes)
    {
        using CancellationTokenSource deadline = Deadline.Start();
        await using HttpConnection connection = await HttpConnection.OpenAsync(Bench.Server.HttpPort, deadline.Token);
        await connection.WriteAsync(Encoding.Latin1.GetBytes(bytes), deadline.Token);
        connection.FinishSending();
        string said = Encoding.Latin1.GetString(await connection.ReadToEndAsync(deadline.Token));
        said.Should().NotStartWith("HTTP/1.1 2", why).And.NotStartWith("HTTP/1.1 500", "{0} is not our fault", why);
        await Bench.CheckAliveAsync();
    }

    [Theory(DisplayName = "5 JSON made to hurt")]
    [MemberData(nameof(Nasty))]
    public async Task Json_Nasty_Is400(string why, string target, string body)
    {
        HttpRequestText request = PostJson(target, body);
        Expect.ErrorWith(400).Check(request, await Bench.SendAsync(request));
        Bench.Server.HasExited.Should().BeFalse(why);
        await Bench.CheckAliveAsync();
    }

    [Theory(DisplayName = "5 bodies that stop short")]
    [InlineData(Predict, "application/json")]
    [InlineData(Infer, "application/json")]
    [InlineData(Infer, "application/octet-stream")]
    public async Task Http_TruncatedBody_EndsThatConnectionOnly(string target, string contentType)
    {
        using CancellationTokenSource deadline = Deadline.Start();
        for (int i = 0; i < 3; i++)
        {
            await using HttpConnection connection = await HttpConnection.OpenAsync(Bench.Server.HttpPort, deadline.Token);
            string head = $"POST {target} HTTP/1.1\r\nHost: x\r\nContent-Type: {contentType}\r\nInference-Header-Content-Length: 10\r\nContent-Length: 1000\r\n\r\n";
            await connection.WriteAsync([.. Encoding.Latin1.GetBytes(head), .. "{\"instances\":[1"u8], deadline.Token);
            connection.FinishSending();
            string said = Encoding.Latin1.GetString(await connection.ReadToEndAsync(deadline.Token));
            said.Should().NotStartWith("HTTP/1.1 2").And.NotStartWith("HTTP/1.1 5", "the caller broke off");
        }

        await Bench.CheckAliveAsync();
    }

    [Fact(DisplayName = "5 connections reset in the middle of head and body")]
    public async Task Http_Reset_ServerGoesOn()
    {
        using CancellationTokenSource deadline = Deadline.Start();
        foreach (string part in new[] { "POST ", $"POST {Predict} HTTP/1.1\r\nHost: x\r\n", $"POST {Predict} HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{{" })
        {
            HttpConnection connection = await HttpConnection.OpenAsync(Bench.Server.HttpPort, deadline.Token);
            await connection.WriteAsync(Encoding.Latin1.GetBytes(part), deadline.Token);
            connection.Reset();
        }

        await Bench.CheckAliveAsync();
    }

    [Fact(DisplayName = "5 slow clients keep no one else waiting")]
    public async Task Http_SlowClients_DoNotBlockOthers()
    {
        using CancellationTokenSource deadline = Deadline.Start();
        List<HttpConnection> slow = [];
        try
        {
            for (int i = 0; i < 100; i++)
            {
                HttpConnection connection = await HttpConnection.OpenAsync(Bench.Server.HttpPort, deadline.Token);
                slow.Add(connection);
                string part = i % 2 == 0 ? $"POST {Predict} HTTP/1.1\r\nHo" : $"POST {Predict} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{{\"inst";
                await connection.WriteAsync(Encoding.Latin1.GetBytes(part), deadline.Token);
            }

            await Bench.CheckAliveAsync();
        }
        finally
        {
            foreach (HttpConnection connection in slow)
            {
                await connection.DisposeAsync();
            }
        }
    }

    [Fact(DisplayName = "5 headers without end")]
    public async Task Http_HugeHeaders_AreRefused()
    {
        using CancellationTokenSource deadline = Deadline.Start();
        foreach (HttpRequestText request in new[]
        {
            Get("/").With("X-Long", new string('a', 1_000_000)),
            Enumerable.Range(0, 10_000).Aggregate(Get("/"), (r, i) => i < 2_000 ? r.With($"X-{i}", "1") : r),
            Get("/" + new string('a', 1_000_000)),
        })
        {
            await using HttpConnection connection = await HttpConnection.OpenAsync(Bench.Server.HttpPort, deadline.Token);
            try
            {
                await connection.WriteAsync(request.Head(connection.Host), deadline.Token);
            }
            catch (IOException)
            {
                // Refused before it was all read.
            }

            string said = Encoding.Latin1.GetString(await connection.ReadToEndAsync(deadline.Token));
            (said.Length == 0 || said.StartsWith("HTTP/1.1 431", StringComparison.Ordinal) || said.StartsWith("HTTP/1.1 414", StringComparison.Ordinal))
                .Should().BeTrue("of {0}", said.Length > 200 ? said[..200] : said);
        }

        await Bench.CheckAliveAsync();
    }

    [Fact(DisplayName = "5 a hundred megabytes of [")]
    public async Task Http_HundredMegabytesOfBrackets_IsRefusedInBoundedMemory()
    {
        await using Bench bench = await Bench.StartAsync();
        byte[] brackets = new byte[100_000_000];
        Array.Fill(brackets, (byte)'[');
        foreach (string target in new[] { Predict, Infer })
        {
            try
            {
                HttpAnswer answer = await bench.SendAsync(Post(target).With("Content-Type", "application/json").WithBody(brackets));
                answer.Status.Should().BeOneOf([400, 413], "of {0}", answer);
            }
            catch (IOException)
            {
                // Hung up on before it had sent all: refused as well.
            }

            await bench.CheckAliveAsync();
        }

        bench.Server.Memory("VmHWM").Should().BeLessThan(600_000, "KiB are held for a body of 100 MB");
    }

    [Fact(DisplayName = "5 a length nobody means")]
    public async Task Http_AbsurdContentLength_IsRefusedAtOnce()
    {
        using CancellationTokenSource deadline = Deadline.Start();
        await using HttpConnection connection = await HttpConnection.OpenAsync(Bench.Server.HttpPort, deadline.Token);
        await connection.WriteAsync(
            Encoding.Latin1.GetBytes($"POST {Predict} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9000000000000000000\r\n\r\n"),
            deadline.Token);
        HttpAnswer answer = await connection.ReadAsync("POST", deadline.Token);
        answer.Status.Should().Be(413, "of {0}", answer);
        answer.Error().Should().NotBeNullOrEmpty("of {0}", answer);
        await Bench.CheckAliveAsync();
    }

    [Fact(DisplayName = "5 length and chunks at once are not two requests")]
    public async Task Http_SmuggledRequest_IsNotServed()
    {
        using CancellationTokenSource deadline = Deadline.Start();
        await using HttpConnection connection = await HttpConnection.OpenAsync(Bench.Server.HttpPort, deadline.Token);
        await connection.WriteAsync(Encoding.Latin1.GetBytes(
            $"POST {Predict} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "11\r\n{\"instances\":[1]}\r\n0\r\n\r\n"), deadline.Token);
        connection.FinishSending();
        string said = Encoding.Latin1.GetString(await connection.ReadToEndAsync(deadline.Token));
        said.Split("HTTP/1.1 ").Should().HaveCountLessThanOrEqualTo(2, "one request has one answer: {0}", said);
        await Bench.CheckAliveAsync();
    }

    [Fact(DisplayName = "5 every byte of a binary request, changed")]
    public async Task V2Binary_MutatedBytes_NeverBreakTheServer()
    {
        byte[] json = """{"inputs":[{"name":"a","shape":[2],"datatype":"BYTES","parameters":{"binary_data_size":12}}]}"""u8.ToArray();
        byte[] body = [.. json, 2, 0, 0, 0, 0x61, 0x62, 2, 0, 0, 0, 0x63, 0x64];
        using CancellationTokenSource deadline = Deadline.Start();
        for (int at = 0; at < body.Length; at++)
        {
            byte[] changed = [.. body];
            changed[at] ^= 0x80;
            HttpRequestText request = V2Requests.WithLength(Infer, $"{json.Length}", changed);
            HttpAnswer answer = await Bench.SendAsync(request);
            Expect.Status(200, 400).Check(request, answer);
        }

        await Bench.CheckAliveAsync();
    }
}
