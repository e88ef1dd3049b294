namespace Sidecars.Browser.Tests.Accessibility;

/// <summary>Goes through a page with the Tab key alone: it has to come to everything, to be seen there, and to get away again.</summary>
internal static class KeyboardWalk
{
    private const int MostPresses = 400;

    private static readonly string s_stops = Scripts.Function("return stops().map(where);", "elements.js", "colours.js", "keyboard.js", "walk.js");
    private static readonly string s_focus = Scripts.Function("return focus();", "elements.js", "colours.js", "keyboard.js", "walk.js");

    /// <summary>What is wrong, a line each: element, what is wrong.</summary>
    public static async Task<string[]> FlawsAsync(IPage page)
    {
        string[] stops = await page.EvaluateAsync<string[]>(s_stops);
        List<string> flaws = [];
        List<string> visited = [];
        for (int presses = 0; presses < MostPresses; presses++)
        {
            await page.Keyboard.PressAsync("Tab");
            string[]? focus = await page.EvaluateAsync<string[]?>(s_focus);
            string? element = focus?[0];

            // Past the last stop the browser itself has the focus, and after it the first one again.
            if (element is null || (visited.Count > 0 && element == visited[0] && visited.Count > 1))
            {
                if (visited.Count > 0 && (element is not null || presses > stops.Length))
                {
                    break;
                }

                continue;
            }

            if (visited.Count > 0 && visited[^1] == element)
            {
                // Inside of a frame it goes on unseen from here.
                if (!element.Contains("frame", StringComparison.Ordinal))
                {
                    flaws.Add($"keyboard: {element}: Tab does not get away from it");
                    break;
                }

                continue;
            }

            visited.Add(element);
            flaws.AddRange(focus!.Skip(1).Select(flaw => $"keyboard: {element}: {flaw}"));
        }

        flaws.AddRange(stops.Except(visited).Select(static stop => $"keyboard: {stop}: Tab does not come to it"));
        return [.. flaws];
    }
}
