using Microsoft.ML.Data;

namespace Churn.Training;

/// <summary>What the model is trained on, and takes when it is served: five scaled features.</summary>
internal sealed class ScaledCustomer
{
    [VectorType(5)]
    public float[] Features { get; set; } = [];

    public bool Label { get; set; }
}
