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
    /// The form that is wanted most; of several wanted alike the one named first. JSON for whoever names none of ours: an
    /// API's callers send all kinds of things there, and none of them was ever refused for it.
    /// </summary>
    public static AnswerForm Negotiate(StringValues accept)
    {
        AnswerForm chosen = Json;
        double most = 0;
        if (!MediaTypeHeaderValue.TryParseList(accept, out IList<MediaTypeHeaderValue>? wishes))
        {
            return Json;
        }

        foreach (MediaTypeHeaderValue wish in wishes)
        {
            double quality = wish.Quality ?? 1;
            if (quality > most && Array.Find(s_all, form => wish.MatchesMediaType(form.MediaType)) is { } form)
            {
                (chosen, most) = (form, quality);
            }
        }

        return chosen;
    }
}
