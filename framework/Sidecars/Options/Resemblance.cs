namespace Sidecars.Options;

/// <summary>Finds the name that a mistyped one was meant to be.</summary>
internal static class Resemblance
{
    /// <param name="given">What was written.</param>
    /// <param name="names">The names there are.</param>
    /// <returns>The nearest of them: the same but for case, dashes and underscores, else with one letter wrong, or two in a long
    /// name; null for none.</returns>
    public static string? Nearest(string given, IEnumerable<string> names)
    {
        string bare = Bare(given);
        int allowed = bare.Length switch { < 5 => 0, < 9 => 1, _ => 2 };
        return names
            .Select(name => (Name: name, Distance: Distance(bare, Bare(name), allowed)))
            .Where(candidate => candidate.Distance <= allowed)
            .OrderBy(static candidate => candidate.Distance)
            .Select(static candidate => candidate.Name)
            .FirstOrDefault();
    }

    private static string Bare(string name) => name.Replace("-", "").Replace("_", "").ToUpperInvariant();

    /// <summary>How many letters are to be put in, taken out or changed; any number above the limit where it is more.</summary>
    private static int Distance(string a, string b, int limit)
    {
        if (Math.Abs(a.Length - b.Length) > limit)
        {
            return limit + 1;
        }

        int[] above = [.. Enumerable.Range(0, b.Length + 1)];
        int[] row = new int[b.Length + 1];
        for (int i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int changed = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(changed, 1 + Math.Min(above[j], row[j - 1]));
            }

            (above, row) = (row, above);
        }

        return above[b.Length];
    }
}
