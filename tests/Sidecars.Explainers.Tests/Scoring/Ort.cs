using Sidecars.Onnx;

namespace Sidecars.Explainers.Tests.Scoring;

/// <summary>What ONNX Runtime says of rows.</summary>
internal static class Ort
{
    /// <summary>The scores of rows, from the first output of floats.</summary>
    public static double[] Scores(string path, TabularData rows)
    {
        using var model = new OnnxModel(path, new OnnxOptions { Device = OnnxDevice.Cpu, IntraOpThreads = 1 });
        string output = model.Outputs.First(static o => o.Datatype == Datatype.FP32).Name;
        Tensor input = Tensor.Create(model.Inputs[0].Name, rows.Values.ToArray(), rows.Rows, rows.Features);
        return Array.ConvertAll(model.Run([input], [output])[0].ToArray<float>(), static v => (double)v);
    }

    /// <summary>The largest difference between two lists.</summary>
    public static double Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        a.Length.Should().Be(b.Length);
        double largest = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double distance = a[i].Equals(b[i]) ? 0 : Math.Abs(a[i] - b[i]);
            largest = double.IsNaN(distance) ? double.PositiveInfinity : Math.Max(largest, distance);
        }

        return largest;
    }

    /// <summary>Rows whose columns come from different rows of the data.</summary>
    public static TabularData Mix(TabularData data, int rows, int seed)
    {
        var random = new Random(seed);
        float[] values = new float[rows * data.Features];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = data[random.Next(data.Rows)][i % data.Features];
        }

        return new TabularData(values, data.Features);
    }
}
