namespace Sidecars.Pipeline;

/// <summary>How to make the predictor that stands in when no host is given.</summary>
internal sealed record LocalPredictor(Func<IServiceProvider, IPredictor> Create);
