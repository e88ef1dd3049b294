using Sidecars.Protocol;

namespace Sidecars.Serving;

/// <summary>What a caller's Accept header wants, where that decides the form of the answer.</summary>
internal static class AcceptedTypes
{
    /// <summary>Whether the type is named, not merely covered by a wildcard.</summary>
    public static bool Names(string? accept, string type)
    {
        if (accept is null || !accept.Contains(type, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        foreach (Range range in accept.AsSpan().Split(','))
        {
            var item = MediaRange.Read(accept.AsSpan()[range]);
            if (item.Is(type) && item.Quality > 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a page is wanted more than JSON. Browsers say so; probes, curl and programs do not.</summary>
    public static bool PrefersHtml(string? accept) =>
        Names(accept, MediaTypes.Html) && Quality(accept, MediaTypes.Html) > Quality(accept, MediaTypes.Json);

    /// <summary>How much a type is wanted; of several ranges that cover it, the narrowest decides.</summary>
    private static double Quality(string? accept, string type)
    {
        string wide = string.Concat(type.AsSpan(0, type.IndexOf('/', StringComparison.Ordinal)), "/*");
        (int Narrow, double Quality) best = (0, 0);
        foreach (Range range in accept.AsSpan().Split(','))
        {
            var item = MediaRange.Read(accept.AsSpan()[range]);
            int narrow = item.Is(type) ? 3 : item.Is(wide) ? 2 : item.Is("*/*") ? 1 : 0;
            if (narrow > best.Narrow || (narrow == best.Narrow && narrow > 0 && item.Quality > best.Quality))
            {
                best = (narrow, item.Quality);
            }
        }

        return best.Quality;
    }
}
