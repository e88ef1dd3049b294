using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Sidecars.Management.Manifest;

namespace Sidecars.Management.Api;

/// <summary>One watch, from a version on, until the server ends it.</summary>
internal static class WatchStream
{
    /// <summary>How long the server is asked to keep a watch open.</summary>
    private static readonly TimeSpan s_length = TimeSpan.FromMinutes(5);

    /// <summary>A watch that outlives its time without a word has lost its connection.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(30);

    /// <exception cref="KServeException"><see cref="KServeError.Expired"/> when the version is too old.</exception>
    public static async IAsyncEnumerable<WatchEvent> ReadAsync(
        ApiServer server, string @namespace, string name, string version, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var call = new ApiCall("watch", ApiCall.InferenceServices, @namespace)
        {
            Query =
            [
                ("watch", "true"),
                ("allowWatchBookmarks", "true"),
                ("fieldSelector", "metadata.name=" + name),
                ("resourceVersion", version),
                ("timeoutSeconds", ((int)s_length.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ],
        };
        using var silence = new CancellationTokenSource(s_length + s_grace, server.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, silence.Token);
        using HttpResponseMessage answer = await server.OpenAsync(call, both.Token).ConfigureAwait(false);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(both.Token).ConfigureAwait(false), Encoding.UTF8);
        while (await NextAsync(lines, both.Token).ConfigureAwait(false) is { } line)
        {
            if (line.Length > 0)
            {
                yield return Read(line, call);
            }
        }
    }

    /// <summary>The next line; null when the server ended the watch, or the connection broke.</summary>
    private static async ValueTask<string?> NextAsync(StreamReader lines, CancellationToken cancellation)
    {
        try
        {
            return await lines.ReadLineAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return null;
        }
    }

    private static WatchEvent Read(string line, ApiCall call)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            string? type = document.RootElement.GetProperty("type").GetString();
            byte[] body = Encoding.UTF8.GetBytes(document.RootElement.GetProperty("object").GetRawText());
            return type switch
            {
                "ADDED" or "MODIFIED" => new(WatchEventKind.Present, ManifestJson.FromBytes<InferenceService>(body)),
                "DELETED" => new(WatchEventKind.Deleted, ManifestJson.FromBytes<InferenceService>(body)),
                "BOOKMARK" => new(WatchEventKind.Bookmark, ManifestJson.FromBytes<InferenceService>(body)),
                "ERROR" => throw ApiErrors.Of(call, ApiStatus.Read(body)?.Code ?? 500, body),
                _ => throw new KServeException(KServeError.Server, $"The watch sent an event of unknown type '{type}'."),
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new KServeException(KServeError.Server, $"The watch sent a line that cannot be read: {e.Message}", e);
        }
    }
}
