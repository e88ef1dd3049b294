using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Grpc.Core;

namespace Sidecars.Predictor;

/// <summary>A gRPC answer's headers and trailers, read out only when somebody asks for them.</summary>
internal sealed class AnswerMetadata : IReadOnlyDictionary<string, string>
{
    private readonly Task<Metadata> _headers;
    private readonly Metadata _trailers;
    private Dictionary<string, string>? _all;

    public AnswerMetadata(AsyncUnaryCall<InferResponse> finished)
    {
        // The call is over, so both are there.
        _headers = finished.ResponseHeadersAsync;
        _trailers = finished.GetTrailers();
    }

    public int Count => All.Count;

    public IEnumerable<string> Keys => All.Keys;

    public IEnumerable<string> Values => All.Values;

    private Dictionary<string, string> All
    {
        get
        {
            if (_all is null)
            {
                _all = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
                Metadata headers = _headers.IsCompletedSuccessfully ? _headers.Result : [];
                foreach (Metadata.Entry entry in headers.Concat(_trailers).Where(static e => !e.IsBinary))
                {
                    _all[entry.Key] = entry.Value;
                }
            }

            return _all;
        }
    }

    public string this[string key] => All[key];

    public bool ContainsKey(string key) => All.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value) => All.TryGetValue(key, out value);

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => All.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
