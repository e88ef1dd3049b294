using System.Text.RegularExpressions;

namespace Sidecars.Docs.Tests.Pages;

/// <summary>Every block says how it is held; what it names exists.</summary>
public sealed partial class ConventionTests
{
    private static readonly Dictionary<BlockKind, string[]> s_verbs = new()
    {
        [BlockKind.Program] = ["", "compile", "same as"],
        [BlockKind.Json] = ["", "answer", "file"],
        [BlockKind.Yaml] = ["", "file", "answer"],
        [BlockKind.Python] = ["", "file"],
        [BlockKind.Xml] = [""],
        [BlockKind.Commands] = ["run", "serve", "cannot run", "held by", "shown"],
        [BlockKind.Text] = ["answer", "file", "shown", "held by"],
        [BlockKind.Unknown] = [],
    };

    public static TheoryData<string, int> All => BlockCases.Of(static _ => true);

    public static TheoryData<string> Pages => new(Repository.Pages);

    [Theory]
    [MemberData(nameof(All))]
    public void Block_HowItIsHeld_IsSaid(string page, int line)
    {
        Block block = BlockCases.Find(page, line);

        s_verbs[block.Kind].Should().Contain(
            block.Verb,
            $"{block} is a {block.Kind} block ('{block.Language}') and one of these has to stand in a comment before it, where the empty one "
                + "is no comment at all; tests/Sidecars.Docs.Tests/README.md says what they mean");
        if (block.Verb is "cannot run" or "shown")
        {
            block.Marker!.Rest.Length.Should().BeGreaterThan(9, $"the comment before {block} has to say why");
        }

        if (block.Verb is "held by" or "same as")
        {
            string holder = Repository.PathOf(block.Marker!.Rest);
            File.Exists(holder).Should().BeTrue($"{block} is said to be held by {block.Marker.Rest}");
            if (!holder.EndsWith(".cs", StringComparison.Ordinal))
            {
                File.ReadAllText(holder).Should().ContainAll(block.Commands, "a script that holds {0} has its commands in it", block);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_OfThePage_LeadSomewhere(string page)
    {
        string folder = Path.GetDirectoryName(Repository.PathOf(page))!;
        string[] targets = [.. Link().Matches(File.ReadAllText(Repository.PathOf(page))).Select(m => m.Groups[1].Value + m.Groups[2].Value)];

        targets.Where(t => !t.Contains("://", StringComparison.Ordinal) && t[0] != '#' && t != "")
            .Where(t => !Path.Exists(Path.Combine(folder, t.Split('#')[0])))
            .Should().BeEmpty("files that {0} links to have to exist", page);
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)|(?:src|srcset)=""([^""]+)""")]
    private static partial Regex Link();
}
