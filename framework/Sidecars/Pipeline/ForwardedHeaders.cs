using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Sidecars.Pipeline;

/// <summary>Picks the caller's headers that go on to the predictor.</summary>
internal sealed class ForwardedHeaders(IEnumerable<string> names)
{
    private readonly string[] _names = [.. names.Select(n => n.ToLowerInvariant())];

    public IReadOnlyList<KeyValuePair<string, string>>? Of(IHeaderDictionary headers)
    {
        List<KeyValuePair<string, string>>? picked = null;

        // A span that is recorded takes its place between the caller's and the predictor's; one that is not would leave
        // a hole in the trace, so the caller's own context goes on.
        Activity? activity = Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C } current ? current : null;
        if (activity?.Id is { } id)
        {
            (picked ??= []).Add(new("traceparent", id));
            if (!string.IsNullOrEmpty(activity.TraceStateString))
            {
                picked.Add(new("tracestate", activity.TraceStateString));
            }
        }

        foreach (string name in _names)
        {
            if (headers.TryGetValue(name, out StringValues values) && values.Count > 0
                && (activity is null || name is not ("traceparent" or "tracestate")))
            {
                (picked ??= []).Add(new(name, values.Count == 1 ? values[0]! : string.Join(',', values.ToArray())));
            }
        }

        return picked;
    }
}
