namespace Sidecars.MLNet;

/// <summary>How an ML.NET file is used.</summary>
public sealed class MLNetOptions
{
    /// <summary>
    /// The file, saved by <c>MLContext.Model.Save</c> with its input schema. Default null: <c>model.zip</c> in
    /// <c>--model_dir</c>. A relative path is taken from <c>--model_dir</c> too.
    /// </summary>
    public string? Path { get; set; }

    /// <summary>
    /// The columns given out, in this order. Default null: the scores (<c>PredictedLabel</c>, <c>Score</c>,
    /// <c>Probability</c>) where the file holds a trained model, else the columns its last step makes.
    /// </summary>
    public IReadOnlyList<string>? Outputs { get; set; }
}
