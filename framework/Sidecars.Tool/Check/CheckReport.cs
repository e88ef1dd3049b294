using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sidecars.Tool.Check;

/// <summary>The results for people, or as JSON.</summary>
internal static class CheckReport
{
    private static readonly JsonSerializerOptions s_indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static async Task WriteTextAsync(TextWriter to, IReadOnlyList<CheckResult> results)
    {
        int width = results.Max(r => r.Case.Id.Length);
        foreach (CheckResult result in results)
        {
            await to.WriteLineAsync($"{Word(result.Outcome),-9}  {result.Case.Id.PadRight(width)}  {result.Case.Title}").ConfigureAwait(false);
            if (result.Outcome == CheckOutcome.NotAsked)
            {
                await to.WriteLineAsync($"           because   {result.Got}").ConfigureAwait(false);
            }
            else if (result.Outcome != CheckOutcome.Passed)
            {
                await to.WriteLineAsync($"           sent      {result.Sent}").ConfigureAwait(false);
                await to.WriteLineAsync($"           expected  {result.Expected}").ConfigureAwait(false);
                await to.WriteLineAsync($"           got       {result.Got}").ConfigureAwait(false);
                await to.WriteLineAsync($"           why       {result.Case.Why}").ConfigureAwait(false);
                if (result.Hint is { } hint)
                {
                    await to.WriteLineAsync($"           perhaps   {hint}").ConfigureAwait(false);
                }
            }
        }

        await to.WriteLineAsync(
            $"\n{Count(results, CheckOutcome.Passed)} passed, {Count(results, CheckOutcome.Broken)} broken, "
            + $"{Count(results, CheckOutcome.Differs)} differ, {Count(results, CheckOutcome.NotAsked)} not asked").ConfigureAwait(false);
    }

    public static Task WriteJsonAsync(TextWriter to, IReadOnlyList<CheckResult> results)
    {
        var cases = new JsonArray([.. results.Select(r => new JsonObject
        {
            ["id"] = r.Case.Id,
            ["title"] = r.Case.Title,
            ["outcome"] = Word(r.Outcome),
            ["sent"] = r.Sent,
            ["expected"] = r.Expected,
            ["got"] = r.Got,
            ["why"] = r.Case.Why,
            ["perhaps"] = r.Hint,
        })]);
        var report = new JsonObject
        {
            ["passed"] = Count(results, CheckOutcome.Passed),
            ["broken"] = Count(results, CheckOutcome.Broken),
            ["differ"] = Count(results, CheckOutcome.Differs),
            ["notAsked"] = Count(results, CheckOutcome.NotAsked),
            ["cases"] = cases,
        };
        return to.WriteLineAsync(report.ToJsonString(s_indented));
    }

    private static int Count(IReadOnlyList<CheckResult> results, CheckOutcome outcome) => results.Count(r => r.Outcome == outcome);

    private static string Word(CheckOutcome outcome) => outcome switch
    {
        CheckOutcome.Passed => "passed",
        CheckOutcome.Differs => "differs",
        CheckOutcome.Broken => "BROKEN",
        _ => "not asked",
    };
}
