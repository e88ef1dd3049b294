namespace BreastCancer;

/// <summary>One of the model's features: its name, and the values that can be a measurement at all.</summary>
internal sealed record Measurement(string Name, float Min, float Max)
{
    public override string ToString() => $"'{Name}', a number from {Min} to {Max}";
}
