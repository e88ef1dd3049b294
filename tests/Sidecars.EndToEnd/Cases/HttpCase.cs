using Sidecars.EndToEnd.Wire;

namespace Sidecars.EndToEnd.Cases;

/// <summary>One row of a case table: a name that begins with the contract's row or section, a request, the answer.</summary>
public sealed record HttpCase(string Name, HttpRequestText Request, Expect Expect)
{
    /// <summary>The names of a table, for a theory's data.</summary>
    public static TheoryData<string> Names(IReadOnlyList<HttpCase> cases)
    {
        TheoryData<string> names = [];
        foreach (HttpCase each in cases)
        {
            names.Add(each.Name);
        }

        return names;
    }

    /// <summary>Sends the named case's request on a new connection and checks what comes back.</summary>
    public static async Task RunAsync(IReadOnlyList<HttpCase> cases, string name, int port)
    {
        HttpCase one = cases.Single(c => c.Name == name);
        using CancellationTokenSource deadline = Deadline.Start();
        await using HttpConnection connection = await HttpConnection.OpenAsync(port, deadline.Token);
        HttpAnswer answer = await connection.SendAsync(one.Request, deadline.Token);
        one.Expect.Check(one.Request, answer);
    }
}
