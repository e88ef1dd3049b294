namespace Sidecars.Docs.Tests.Pages;

/// <summary>Blocks as cases of a test, named by page and line.</summary>
internal static class BlockCases
{
    public static TheoryData<string, int> Of(Func<Block, bool> chosen)
    {
        var cases = new TheoryData<string, int>();
        foreach (Block block in Page.All.SelectMany(static p => p.Blocks).Where(chosen))
        {
            cases.Add(block.Page, block.Line);
        }

        return cases;
    }

    public static Block Find(string page, int line) => Page.Read(page).Blocks.Single(b => b.Line == line);
}
