using System.Collections.Immutable;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Transforms;

namespace Churn.Training;

/// <summary>Measures the scaler, trains the model, writes both: <c>dotnet run --project samples/Churn -- train FOLDER</c>.</summary>
internal static class Trainer
{
    private const int Count = 4000;

    public static async Task<int> TrainAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        var ml = new MLContext(CustomerData.Seed);
        IReadOnlyList<Customer> customers = CustomerData.Generate(Count);
        Scaler scaler = Measure(ml, customers);
        await scaler.SaveAsync(Path.Combine(folder, "scaler.json"));

        // Scaled by the code that scales when served, so that the two cannot differ.
        DataOperationsCatalog.TrainTestData data = ml.Data.TrainTestSplit(
            ml.Data.LoadFromEnumerable(customers.Select(c => Scaled(c, scaler))), testFraction: 0.2, seed: CustomerData.Seed);
        ITransformer model = ml.BinaryClassification.Trainers.LbfgsLogisticRegression(
            new LbfgsLogisticRegressionBinaryTrainer.Options { NumberOfThreads = 1 }).Fit(data.TrainSet);
        ml.Model.Save(model, data.TrainSet.Schema, Path.Combine(folder, "model.zip"));

        CalibratedBinaryClassificationMetrics metrics = ml.BinaryClassification.Evaluate(model.Transform(data.TestSet));
        await Console.Out.WriteLineAsync(FormattableString.Invariant(
            $"Trained on {Count * 4 / 5} of {Count} customers (seed {CustomerData.Seed}): on the others accuracy {metrics.Accuracy:F3}, area under ROC {metrics.AreaUnderRocCurve:F3}"));
        return 0;
    }

    private static Scaler Measure(MLContext ml, IReadOnlyList<Customer> customers)
    {
        TransformerChain<NormalizingTransformer> fitted = ml.Transforms
            .Concatenate("Features", nameof(Customer.Age), nameof(Customer.TenureDays), nameof(Customer.MonthlySpend), nameof(Customer.SupportTickets), nameof(Customer.LastLoginDays))
            .Append(ml.Transforms.NormalizeMeanVariance("Features", fixZero: false))
            .Fit(ml.Data.LoadFromEnumerable(customers));
        var affine = (NormalizingTransformer.AffineNormalizerModelParameters<ImmutableArray<float>>)fitted.LastTransformer.GetNormalizerModelParameters(0);
        return new Scaler(Customers.Fields, affine.Offset, [.. affine.Scale.Select(static s => 1 / s)]);
    }

    private static ScaledCustomer Scaled(Customer customer, Scaler scaler)
    {
        float[] features = [customer.Age, customer.TenureDays, customer.MonthlySpend, customer.SupportTickets, customer.LastLoginDays];
        scaler.Scale(features);
        return new ScaledCustomer { Features = features, Label = customer.Left };
    }
}
