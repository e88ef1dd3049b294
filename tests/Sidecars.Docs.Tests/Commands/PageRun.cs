using System.Globalization;
using System.Text.RegularExpressions;
using Sidecars.Docs.Tests.Pages;

namespace Sidecars.Docs.Tests.Commands;

/// <summary>A page from top to bottom: files written, servers started, commands run, what they print compared.</summary>
internal sealed partial class PageRun : IAsyncDisposable
{
    private readonly WorkFolder _work = new();
    private readonly List<PageServer> _servers = [];
    private string _printed = "";

    public static async Task OfAsync(Page page)
    {
        await using var run = new PageRun();
        foreach (Block block in page.Blocks)
        {
            try
            {
                await run.TakeAsync(block);
            }
            catch (Exception e) when (e is InvalidOperationException or OperationCanceledException)
            {
                throw new InvalidOperationException($"{block}: {e.Message}", e);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (PageServer server in _servers)
        {
            await server.DisposeAsync();
        }

        _work.Dispose();
    }

    private async Task TakeAsync(Block block)
    {
        switch (block.Verb)
        {
            case "file":
                string file = Path.Combine(_work.Folder, block.Marker!.Rest);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                await File.WriteAllTextAsync(file, block.Text + "\n");
                break;
            case "compile" when block.Marker!.Value("name") != "":
                _work.Add(block);
                break;
            case "serve":
                PageServer server = await PageServer.StartAsync(block.Text, WithPorts(block.Text), _work);
                foreach (PageServer replaced in _servers.Where(s => s.Ports.Keys.Intersect(server.Ports.Keys).Any()).ToArray())
                {
                    await replaced.DisposeAsync();
                    _servers.Remove(replaced);
                }

                _servers.Add(server);
                break;
            case "run":
                _printed = AsShown(await Shell.RunAsync(WithPorts(block.Text), _work));
                break;
            case "answer":
                string expected = Rounded(block.Text.TrimEnd());
                Rounded(_printed.TrimEnd()).Should().MatchRegex(
                    "^" + string.Join("[\\s\\S]*", expected.Split('…').Select(Regex.Escape)) + "$", "{0} shows what the commands before it print", block);
                break;
        }
    }

    private string WithPorts(string script) => _servers.SelectMany(static s => s.Ports)
        .Aggregate(script, static (text, port) => Regex.Replace(text, $@"\blocalhost:{port.Key}\b", $"localhost:\u200b{port.Value}"))
        .Replace("\u200b", "", StringComparison.Ordinal);

    /// <summary>The page's ports in place of the true ones, where a command prints them.</summary>
    private string AsShown(string printed) => _servers.SelectMany(static s => s.Ports)
        .Aggregate(printed, static (text, port) => Regex.Replace(text, $@"\blocalhost:{port.Value}\b", $"localhost:{port.Key}"));

    /// <summary>Long fractions rounded to five digits: processors sum single precision in different orders.</summary>
    private static string Rounded(string text) => Long().Replace(text, static m =>
        Math.Round(double.Parse(m.ValueSpan, CultureInfo.InvariantCulture), 5).ToString(CultureInfo.InvariantCulture));

    [GeneratedRegex(@"\d+\.\d{7,}")]
    private static partial Regex Long();
}
