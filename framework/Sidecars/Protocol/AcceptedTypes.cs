using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Sidecars.Protocol;

/// <summary>
/// What a caller's Accept header wants, where that decides the form of the answer. A header that is malformed says nothing:
/// a reader that looks for what is good in it takes time by the square of its length.
/// </summary>
internal static class AcceptedTypes
{
    /// <summary>The ranges in the order of the header; none of one that is missing or malformed.</summary>
    public static IList<MediaTypeHeaderValue> Read(StringValues accept) =>
        MediaTypeHeaderValue.TryParseStrictList(accept, out IList<MediaTypeHeaderValue>? ranges) ? ranges : [];

    /// <summary>How much a range is wanted, from 0 (not at all) to 1; 0 too when that cannot be read.</summary>
    public static double Quality(MediaTypeHeaderValue range) =>
        range.Quality ?? (NameValueHeaderValue.Find(range.Parameters, "q") is null ? 1 : 0);

    /// <summary>Whether the type is named, not merely covered by a wildcard.</summary>
    public static bool Names(StringValues accept, string type) =>
        Read(accept).Any(range => range.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase) && Quality(range) > 0);

    /// <summary>Whether a page is wanted more than JSON. Browsers say so; probes, curl and programs do not.</summary>
    public static bool PrefersHtml(StringValues accept) =>
        Names(accept, MediaTypes.Html) && Quality(accept, MediaTypes.Html) > Quality(accept, MediaTypes.Json);

    /// <summary>How much a type is wanted; of several ranges that cover it, the narrowest decides.</summary>
    private static double Quality(StringValues accept, string type) => Read(accept)
        .Where(range => range.MatchesMediaType(type))
        .Select(static range => (Narrow: range.MatchesAllTypes ? 1 : range.MatchesAllSubTypes ? 2 : 3, Quality: Quality(range)))
        .DefaultIfEmpty().Max().Quality;
}
