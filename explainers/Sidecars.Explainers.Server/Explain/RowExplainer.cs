using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sidecars.Explainers.Server.Explain;

/// <summary>Makes the line of a row: its explanation, or why there is none.</summary>
/// <param name="explainer">The explainer, loaded.</param>
/// <param name="context">Makes the call that a row is.</param>
/// <param name="parameters">What is said of every row.</param>
internal sealed class RowExplainer(
    TabularExplainer explainer, Func<InferenceContext> context, IReadOnlyDictionary<string, string> parameters)
{
    // A predictor that is away or has too much to do is no fault of the row: the run ends, and can go on later.
    private const int TooManyRequests = 429;
    private const int Unavailable = 503;

    /// <summary>Explains one row.</summary>
    /// <exception cref="InferenceException">The predictor is not there.</exception>
    public async Task<ResultLine> ExplainAsync(InputRow row)
    {
        if (row.Values is not { } values)
        {
            return Error(row.Number, row.Error!);
        }

        try
        {
            var rows = new TabularData(values, values.Length);
            ReadOnlyMemory<byte> json = await explainer.ExplainAsync(rows, context(), parameters).ConfigureAwait(false);
            return new ResultLine(Line(row.Number, json.Span[1..]), Failed: false);
        }
        catch (InferenceException e) when (
            e.Kind != ErrorKind.PredictorUnreachable && e.HttpStatus is not (TooManyRequests or Unavailable))
        {
            return Error(row.Number, e.Message);
        }
    }

    // Quotes and letters as people read them, as in the server's answers: the lines go into files, not into pages.
    private static ResultLine Error(long row, string message) =>
        new(Line(row, [.. "\"error\":\""u8, .. JsonEncodedText.Encode(message, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes, .. "\"}"u8]), Failed: true);

    private static byte[] Line(long row, ReadOnlySpan<byte> rest) =>
        [.. ResultFile.LineStart, .. Encoding.UTF8.GetBytes(row.ToString(CultureInfo.InvariantCulture)), (byte)',', .. rest, (byte)'\n'];
}
