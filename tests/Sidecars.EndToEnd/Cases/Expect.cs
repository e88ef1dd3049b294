using System.Globalization;
using FluentAssertions.Execution;
using Sidecars.EndToEnd.Wire;

namespace Sidecars.EndToEnd.Cases;

/// <summary>What an answer must be. Each step adds a check; all are made, and a failure shows request and answer.</summary>
public sealed class Expect
{
    private readonly List<Action<HttpAnswer>> _checks = [];

    /// <summary>The status is one of these.</summary>
    public static Expect Status(params int[] statuses)
    {
        Expect expect = new();
        return expect.That(answer => answer.Status.Should().BeOneOf(statuses, "of the contract's status"));
    }

    /// <summary>200 with exactly this body under exactly <c>application/json</c>.</summary>
    public static Expect Ok(string body) => Status(200).Text(body).Header("Content-Type", "application/json")
        .Header("Content-Length", System.Text.Encoding.UTF8.GetByteCount(body).ToString(CultureInfo.InvariantCulture));

    /// <summary>200 with this JSON, however it is spaced, under exactly <c>application/json</c>.</summary>
    public static Expect OkJson(string json) => Status(200).Json(json).Header("Content-Type", "application/json");

    /// <summary>An error of ours: <c>{"error":"…"}</c> with exactly this text.</summary>
    public static Expect Error(int status, string error) => Status(status).Header("Content-Type", "application/json")
        .That(answer => answer.Error().Should().Be(error, "the body must be an object with that error alone"));

    /// <summary>An error of ours whose text contains each of these, and nothing of our inside.</summary>
    public static Expect ErrorWith(int status, params string[] parts) => Status(status).Header("Content-Type", "application/json")
        .That(answer =>
        {
            answer.Error().Should().NotBeNullOrEmpty("the body must be an object with an error text alone");
            foreach (string part in parts)
            {
                answer.Error().Should().Contain(part);
            }

            answer.Text.Should().NotContain("Exception").And.NotContain("   at ");
        });

    /// <summary>An error of ours under any of these statuses.</summary>
    public static Expect AnyError(params int[] statuses) => Status(statuses)
        .That(answer => answer.Error().Should().NotBeNullOrEmpty("the body must be an object with an error text alone"));

    /// <summary>The framework's own errors: <c>{"detail":"…"}</c>.</summary>
    public static Expect Detail(int status, string detail) => Status(status).Json($$"""{"detail":"{{detail}}"}""");

    public Expect Text(string body) => That(answer => answer.Text.Should().Be(body));

    public Expect Bytes(params byte[] body) => That(answer => Convert.ToHexString(answer.Body).Should().Be(Convert.ToHexString(body)));

    public Expect Json(string json) => That(answer =>
        JsonText.Same(answer.Text, json).Should().BeTrue("the body must equal {0} but is {1}", json, answer.Text));

    public Expect Header(string name, string value) => That(answer => answer.Header(name).Should().Be(value, "of header {0}", name));

    public Expect NoHeader(string name) => That(answer => answer.Header(name).Should().BeNull("header {0} must be absent", name));

    public Expect That(Action<HttpAnswer> check)
    {
        _checks.Add(check);
        return this;
    }

    /// <summary>Makes every check and reports all failures at once.</summary>
    public void Check(HttpRequestText request, HttpAnswer answer)
    {
        using AssertionScope scope = new();
        scope.AddReportable("request", "\n" + request + "\n");
        scope.AddReportable("answer", "\n" + answer + "\n");
        foreach (Action<HttpAnswer> check in _checks)
        {
            try
            {
                check(answer);
            }
            catch (Exception thrown) when (thrown is not Xunit.Sdk.XunitException)
            {
                scope.FailWith("Could not check the answer: {0}", thrown.Message);
            }
        }
    }
}
