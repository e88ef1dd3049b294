namespace Sidecars;

/// <summary>
/// A predictor that runs in this process. It answers when no <c>--predictor_host</c> is given, and tells callers the
/// inputs and outputs of a model that declares none itself.
/// </summary>
public interface IEmbeddedPredictor : IPredictor
{
    /// <summary>Reads the model's files. Runs before the port opens; what it throws stops the start.</summary>
    ValueTask LoadAsync(CancellationToken cancellation);
}
