using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis.CSharp;
using Sidecars.Docs.Tests.Pages;

namespace Sidecars.Docs.Tests.Programs;

/// <summary>Programs of the pages compile; what is said to be a file's is; tests that they show pass.</summary>
public sealed class ProgramTests
{
    public static TheoryData<string, int> Programs => BlockCases.Of(static b => b.Kind == BlockKind.Program && b.Verb != "same as");

    public static TheoryData<string, int> Copies => BlockCases.Of(static b => b.Verb == "same as");

    [Theory]
    [MemberData(nameof(Programs))]
    public void Program_OfThePage_Compiles(string page, int line)
    {
        Block block = BlockCases.Find(page, line);

        Compiler.Complaints(Compile(block)).Should().BeEmpty("{0} is compiled as a user's project would be", block);
    }

    [Theory]
    [MemberData(nameof(Copies))]
    public void Program_OfAFile_IsThereToTheLetter(string page, int line)
    {
        Block block = BlockCases.Find(page, line);

        File.ReadAllText(Repository.PathOf(block.Marker!.Rest)).ReplaceLineEndings("\n").Should().Contain(block.Text);
    }

    /// <summary>Blocks with the word "test" hold test classes; the methods are run here.</summary>
    [Fact]
    public async Task Tests_OfThePages_Pass()
    {
        Block[] blocks = [.. Page.All.SelectMany(static p => p.Blocks).Where(static b => b.Marker is { Verb: "compile" } m && m.Has("test"))];
        int run = 0;
        foreach (Block block in blocks)
        {
            using var bytes = new MemoryStream();
            Compile(block).Emit(bytes).Success.Should().BeTrue();
            bytes.Position = 0;
            Assembly assembly = AssemblyLoadContext.Default.LoadFromStream(bytes);
            foreach (MethodInfo method in assembly.GetTypes().SelectMany(static t => t.GetMethods()).Where(static m => m.IsDefined(typeof(FactAttribute))))
            {
                await (Task)method.Invoke(Activator.CreateInstance(method.DeclaringType!), null)!;
                run++;
            }
        }

        run.Should().BeGreaterThanOrEqualTo(blocks.Length, "a block of tests has one at least");
    }

    [Theory]
    [InlineData("int answer = \"text\";", "CS0029")]
    [InlineData("string text = null;", "CS8600")]
    [InlineData("sealed class Broken : Sidecars.Model { protected override void Preprocess() { } }", "CS0115")]
    public void Program_ThatIsWrong_IsComplainedOf(string text, string code)
    {
        var block = new Block("page.md", 1, "csharp", text, null);

        Compiler.Complaints(Compile(block)).Should().Contain(c => c.Contains(code, StringComparison.Ordinal));
    }

    private static CSharpCompilation Compile(Block block) =>
        Compiler.Compile(PageProgram.Of(block), $"Page{block.Line}", forTests: block.Marker?.Has("test") == true);
}
