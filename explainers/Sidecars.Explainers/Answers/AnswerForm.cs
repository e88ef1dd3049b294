using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Sidecars.Explainers.Answers;

/// <summary>The forms an explanation can have, and the choice of one by a caller's <c>Accept</c>.</summary>
internal sealed record AnswerForm(string MediaType, string ContentType)
{
    public static readonly AnswerForm Json = new("application/json", "application/json");

    /// <summary>A page to be looked at.</summary>
    public static readonly AnswerForm Page = new("text/html", "text/html; charset=utf-8");

    /// <summary>The page's picture alone.</summary>
    public static readonly AnswerForm Picture = new("image/svg+xml", "image/svg+xml; charset=utf-8");

    /// <summary>For terminals and logs.</summary>
    public static readonly AnswerForm Text = new("text/plain", "text/plain; charset=utf-8");

    private static readonly AnswerForm[] s_all = [Json, Page, Picture, Text];

    /// <summary>
    /// The form that is wanted most, where the narrowest range that covers a form decides on it; of several wanted alike the
    /// one named first. JSON for whoever names none of ours, or sends what is no such header: an API's callers send all kinds
    /// of things there, and none of them was ever refused for it.
    /// </summary>
    public static AnswerForm Negotiate(StringValues accept)
    {
        if (!MediaTypeHeaderValue.TryParseStrictList(accept, out IList<MediaTypeHeaderValue>? wishes))
        {
            return Json;
        }

        AnswerForm chosen = Json;
        (double Quality, int Place) most = default;
        foreach (AnswerForm form in s_all)
        {
            (_, double quality, int place) = wishes.Index()
                .Where(wish => wish.Item.MatchesMediaType(form.MediaType))
                .Select(static wish => (Narrowness(wish.Item), Quality(wish.Item), -wish.Index))
                .DefaultIfEmpty().Max();
            if (quality > 0 && (quality, place).CompareTo(most) > 0)
            {
                (chosen, most) = (form, (quality, place));
            }
        }

        return chosen;
    }

    private static int Narrowness(MediaTypeHeaderValue wish) => wish.MatchesAllTypes ? 1 : wish.MatchesAllSubTypes ? 2 : 3;

    /// <summary>How much it is wanted; not at all when that cannot be read.</summary>
    private static double Quality(MediaTypeHeaderValue wish) =>
        wish.Quality ?? (NameValueHeaderValue.Find(wish.Parameters, "q") is null ? 1 : 0);
}
