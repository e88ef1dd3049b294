using System.Text.RegularExpressions;

namespace Sidecars.Templates.Tests;

/// <summary>A project as <c>dotnet new</c> was asked for it: a line of the folder's list.</summary>
/// <param name="Name">What <c>-n</c> said; the folder's name too.</param>
/// <param name="Template">The short name of the template.</param>
/// <param name="Options">What was said of each option, without its dashes.</param>
internal sealed partial record Project(string Name, string Template, IReadOnlyDictionary<string, string> Options)
{
    public bool IsTransformer => Template == "kserve-transformer";

    /// <summary>Whether it answers <c>:explain</c>.</summary>
    public bool Explains => !IsTransformer || Is("explain");

    public string Folder => Path.Combine(Made.Folder, "projects", Name);

    /// <summary>The name under which it serves: a label of DNS out of its own name.</summary>
    public string Service
    {
        get
        {
            string[] words = string.Concat(Name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : ' '))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries);
            string label = string.Join('-', words);
            return label.Length == 0 ? "model" : char.IsAsciiLetter(label[0]) ? label : "m-" + label;
        }
    }

    /// <summary>What the predictor speaks.</summary>
    public string Protocol => Options.GetValueOrDefault("protocol", "v1");

    /// <summary>The program and the tests that the build made, and what the image has of those projects that have one.</summary>
    public string Program => Path.Combine(Folder, "src", Name, "bin", "Debug", "net10.0", Name + ".dll");

    public string Tests => Path.Combine(Folder, "tests", Name + ".Tests", "bin", "Debug", "net10.0", Name + ".Tests.dll");

    public string Published => Path.Combine(Made.Folder, "published", Name, Name);

    /// <summary>Whether an option is on; tests and Dockerfile are where nothing is said.</summary>
    public bool Is(string option) => Options.TryGetValue(option, out string? value) ? value == "true" : option is "tests" or "dockerfile";

    public string Read(string file) => File.ReadAllText(Path.Combine(Folder, file));

    public static Project Parse(string line)
    {
        // kserve-transformer -n 'NAME' --protocol v1 --typed true …
        string[] words = [.. Word().Matches(line).Select(m => m.Value.Trim('\''))];
        return new(words[2], words[0], words[3..].Chunk(2).ToDictionary(pair => pair[0].TrimStart('-'), pair => pair[1]));
    }

    [GeneratedRegex("'[^']*'|[^ ]+")]
    private static partial Regex Word();
}
