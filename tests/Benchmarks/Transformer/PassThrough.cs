namespace Sidecars.Benchmarks.Transformer;

/// <summary>Looks at nothing.</summary>
internal sealed class PassThrough : Model;
