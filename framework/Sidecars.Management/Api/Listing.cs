using System.Globalization;
using k8s.Models;
using Sidecars.Management.Manifest;

namespace Sidecars.Management.Api;

/// <summary>A collection, read page by page, and the version at which it was whole.</summary>
internal sealed record Listing(IReadOnlyList<InferenceService> Items, string? ResourceVersion)
{
    /// <summary>How often to begin again when the pages' version expires while they are read.</summary>
    private const int MaxRestarts = 3;

    public static async Task<Listing> ReadAsync(
        ApiServer server, ApiCall call, string? labelSelector, int pageSize, CancellationToken cancellation)
    {
        for (int restart = 0; ; restart++)
        {
            try
            {
                return await ReadPagesAsync(server, call, labelSelector, pageSize, cancellation).ConfigureAwait(false);
            }
            catch (KServeException e) when (e.Error == KServeError.Expired && restart < MaxRestarts)
            {
                // The token of the next page outlived its version: half a list is no list.
            }
        }
    }

    public static T Read<T>(byte[] body, ApiCall call)
        where T : class
    {
        try
        {
            return ManifestJson.FromBytes<T>(body);
        }
        catch (FormatException e)
        {
            throw new KServeException(
                KServeError.Server, $"The API server's answer to {call.Verb} {call.FullResource} cannot be read: {e.Message}", e);
        }
    }

    private static async Task<Listing> ReadPagesAsync(
        ApiServer server, ApiCall call, string? labelSelector, int pageSize, CancellationToken cancellation)
    {
        var items = new List<InferenceService>();
        string? next = null;
        while (true)
        {
            List<(string Name, string Value)> query = [.. call.Query, ("limit", pageSize.ToString(CultureInfo.InvariantCulture))];
            if (labelSelector is not null)
            {
                query.Add(("labelSelector", labelSelector));
            }

            if (next is not null)
            {
                query.Add(("continue", next));
            }

            byte[] body = await server.SendAsync(call with { Query = query }, cancellation).ConfigureAwait(false);
            Page page = Read<Page>(body, call);
            items.AddRange(page.Items);
            next = page.Metadata?.ContinueProperty;
            if (string.IsNullOrEmpty(next))
            {
                return new Listing(items, page.Metadata?.ResourceVersion);
            }
        }
    }

    private sealed class Page
    {
        public V1ListMeta? Metadata { get; set; }

        public IList<InferenceService> Items { get; set; } = [];
    }
}
