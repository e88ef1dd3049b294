using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;

namespace Sidecars.Predictor;

/// <summary>A REST answer's headers, read out only when somebody asks for them.</summary>
internal sealed class AnswerHeaders(HttpResponseMessage answer) : IReadOnlyDictionary<string, string>
{
    private readonly HttpResponseHeaders _headers = answer.Headers;
    private readonly HttpContentHeaders _contentHeaders = answer.Content.Headers;
    private Dictionary<string, string>? _all;

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
                foreach ((string name, HeaderStringValues values) in _headers.NonValidated)
                {
                    _all[name] = values.ToString();
                }

                foreach ((string name, HeaderStringValues values) in _contentHeaders.NonValidated)
                {
                    _all[name] = values.ToString();
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
