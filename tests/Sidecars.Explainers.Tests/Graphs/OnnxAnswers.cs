using Sidecars.Explainers.Graphs;
using Sidecars.Explainers.Graphs.Onnx;
using Sidecars.Onnx;

namespace Sidecars.Explainers.Tests.Graphs;

/// <summary>Holds an ensemble's answers against those of ONNX Runtime to the same file.</summary>
internal static class OnnxAnswers
{
    public static void Check(ModelProto proto, TabularData rows, double tolerance)
    {
        string path = TreeProto.Write(proto);
        try
        {
            Check(path, TreeEnsembleReader.TryRead(path)!, rows, tolerance);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public static void Check(string path, TreeEnsemble ensemble, TabularData rows, double tolerance)
    {
        using var model = new OnnxModel(path, new OnnxOptions { Device = OnnxDevice.Cpu, IntraOpThreads = 1 });
        float[] expected = model.Run([Tensor.Create(model.Inputs[0].Name, rows.Values.ToArray(), rows.Rows, rows.Features)], [model.Outputs[^1].Name])[0]
            .ToArray<float>();
        double[] margins = new double[ensemble.Outputs], answers = new double[ensemble.Answers];
        expected.Should().HaveCount(rows.Rows * ensemble.Answers);
        for (int row = 0; row < rows.Rows; row++)
        {
            ensemble.Margins(rows[row], margins);
            ensemble.Answer(margins, answers);
            for (int i = 0; i < answers.Length; i++)
            {
                double e = expected[(row * answers.Length) + i];
                if (double.IsNaN(e) && double.IsNaN(answers[i]))
                {
                    continue;
                }

                (Math.Abs(answers[i] - e) / Math.Max(1, Math.Abs(e))).Should().BeLessThan(tolerance, $"row {row}, answer {i}: {answers[i]} against {e}");
            }
        }
    }
}
