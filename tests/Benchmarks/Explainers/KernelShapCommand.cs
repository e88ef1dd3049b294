using System.Diagnostics;
using System.Text.Json;
using Sidecars.Explainers;
using Sidecars.Explainers.Tests;
using Sidecars.Onnx;

namespace Explainers.Benchmarks;

/// <summary>
/// <c>kernelshap MODEL [--nsamples n] [--seeds k] [--rows n] [--output probability|margin|value] [--link identity|logit] [--out file]</c>:
/// speed and error of KernelShap on the kit's rows, on one thread, beside shap's error; FILE is for evaluate_shap.py.
/// </summary>
internal static class KernelShapCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        var arguments = new Arguments(args);
        string model = arguments.Model;
        string output = arguments.Text("output") ?? (model.StartsWith("diabetes", StringComparison.Ordinal) ? "value" : "probability");
        string link = arguments.Text("link") ?? "identity";
        ExactValues exact = ExactValues.Read(model, output, link, arguments.Number("rows") ?? 20);
        using var onnx = new OnnxModel(Kit.File($"models/{model}.onnx"), new OnnxOptions { Device = OnnxDevice.Cpu, IntraOpThreads = 1 });
        IScorer scorer = output == "margin" ? new MarginScorer(model) : new OnnxScorer(onnx, exact.Rows.Features);
        var shap = new KernelShap(exact.Background);
        var options = new ShapOptions { NSamples = arguments.Number("nsamples"), Link = Enum.Parse<ShapLink>(link, ignoreCase: true) };

        double seconds = double.MaxValue;
        double outside = double.MaxValue;
        double error = 0;
        double covered = 0;
        double first = 0;
        ShapExplanation? last = null;
        CountingScorer? counter = null;
        int seeds = arguments.Number("seeds") ?? 3;
        for (int seed = 0; seed < seeds; seed++)
        {
            // The first round of a seed makes its plan; the others use it.
            for (int round = 0; round < 3; round++)
            {
                counter = new CountingScorer(scorer);
                long start = Stopwatch.GetTimestamp();
                last = await shap.ExplainAsync(counter, exact.Rows, options with { Seed = seed });
                double elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
                first = seed == 1 && round == 0 ? elapsed : first;
                seconds = Math.Min(seconds, elapsed);
                outside = Math.Min(outside, elapsed - counter.Elapsed.TotalSeconds);
            }

            error += exact.RelativeSquaredError(last!.Values) / seeds;
            covered += last.StandardErrors is { } errors ? Coverage(last.Values, exact.Values, errors) / seeds : 0;
        }

        int rows = exact.Ids.Length;
        Console.WriteLine(FormattableString.Invariant($"{model} {output}/{link}: {rows} rows, M = {exact.Players}, {last!.Samples} coalitions x {exact.Background.Rows.Rows}, exact {last.Exact}"));
        Console.WriteLine(FormattableString.Invariant($"  {rows / seconds:0.0} rows/s, {outside / rows * 1e3:0.00} ms/row outside the model, {counter!.Rows / (double)rows:0} model rows and {counter.Calls / (double)rows:0.0} calls per row, a new plan costs {(first - seconds) * 1e3:0} ms"));
        Console.WriteLine(FormattableString.Invariant($"  relative squared error {error:0.0e+0}{Peer(model, exact)}; within 1.96 standard errors: {covered:P1}"));
        if (arguments.Text("out") is { } file)
        {
            await WriteAsync(file, model, exact, last, options);
        }

        return 0;
    }

    private static double Coverage(double[] values, double[] exact, double[] errors) => Enumerable.Range(0, values.Length)
        .Where(i => errors[i] > 0)
        .Average(i => Math.Abs(values[i] - exact[i]) <= (1.96 * errors[i]) + (1e-7 * exact.Max(Math.Abs)) ? 1.0 : 0);

    private static string Peer(string model, ExactValues exact)
    {
        try
        {
            ExactValues peer = ExactValues.Read(model, exact.Output, exact.Link, exact.Ids.Length, "shap-0.49.1.kernel");
            ExactValues same = ExactValues.Read(model, exact.Output, exact.Link, peer.Ids.Length);
            return peer.Ids.SequenceEqual(same.Ids)
                ? FormattableString.Invariant($" (shap 0.49.1 without selection at 2M+2048: {same.RelativeSquaredError(peer.Values):0.0e+0})")
                : "";
        }
        catch (Exception e) when (e is FileNotFoundException or InvalidOperationException)
        {
            return "";
        }
    }

    private static async Task WriteAsync(string file, string model, ExactValues exact, ShapExplanation answer, ShapOptions options)
    {
        await using FileStream stream = File.Create(file);
        await using var json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        json.WriteString("model", model);
        json.WriteStartArray("cases");
        json.WriteStartObject();
        json.WriteString("output", exact.Output);
        json.WriteString("link", exact.Link);
        json.WriteString("game", "interventional");
        json.WriteNumber("nsamples", answer.Samples);
        json.WriteNumber("seed", options.Seed);
        json.WriteStartArray("rows");
        Array.ForEach(exact.Ids, json.WriteNumberValue);
        json.WriteEndArray();
        json.WriteStartArray("expected_value");
        Array.ForEach(answer.ExpectedValue, json.WriteNumberValue);
        json.WriteEndArray();
        json.WriteStartArray("values");
        foreach (double[][] row in answer.Values.Chunk(answer.Players).Chunk(answer.Outputs))
        {
            json.WriteStartArray();
            foreach (double[] values in row)
            {
                json.WriteStartArray();
                Array.ForEach(values, json.WriteNumberValue);
                json.WriteEndArray();
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
