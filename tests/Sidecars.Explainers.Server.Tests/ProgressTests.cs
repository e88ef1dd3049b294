using Microsoft.Extensions.Time.Testing;

namespace Sidecars.Explainers.Server.Tests;

public sealed class ProgressTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly StringWriter _text = new() { NewLine = "\n" };

    [Fact]
    public void Progress_OnNoTerminal_SaysALineNowAndThen()
    {
        var progress = new Explain.Progress(_text, terminal: false, total: 100, _time);
        for (int row = 0; row < 50; row++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            progress.Add();
        }

        progress.End();

        _text.ToString().Split('\n').Should().Equal(
            "10 of 100 rows, 10 %, 1.0 rows/s, 1 min 30 s left",
            "20 of 100 rows, 20 %, 1.0 rows/s, 1 min 20 s left",
            "30 of 100 rows, 30 %, 1.0 rows/s, 1 min 10 s left",
            "40 of 100 rows, 40 %, 1.0 rows/s, 1 min 0 s left",
            "50 of 100 rows, 50 %, 1.0 rows/s, 50 s left",
            "50 of 100 rows, 50 %, 1.0 rows/s, 50 s left",
            "");
    }

    [Fact]
    public void Progress_OnATerminal_ChangesOneLine()
    {
        var progress = new Explain.Progress(_text, terminal: true, total: 3, _time);
        for (int row = 0; row < 3; row++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            progress.Add();
        }

        progress.End();

        _text.ToString().Should().Be("\r2 of 3 rows, 66 %, 10 rows/s, 1 s left\r" + "3 of 3 rows, 100 %, 10 rows/s".PadRight(38) + "\n");
    }
}
