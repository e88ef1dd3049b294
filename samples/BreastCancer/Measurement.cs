namespace BreastCancer;

/// <summary>One of the model's features: its name, the values that can be a measurement at all, and one that is.</summary>
internal sealed record Measurement(string Name, float Min, float Max, float Example)
{
    public override string ToString() => $"'{Name}', a number from {Min} to {Max}";
}
