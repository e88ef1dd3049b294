using Microsoft.Extensions.DependencyInjection;

namespace Sidecars.MLNet;

/// <summary>Adds ML.NET to a sidecar.</summary>
public static class MLNetSidecarExtensions
{
    /// <summary>
    /// Lets the ML.NET model <c>model.zip</c> of <c>--model_dir</c> answer when no <c>--predictor_host</c> is given.
    /// </summary>
    /// <param name="sidecar">The sidecar.</param>
    /// <param name="configure">Names another file, or the columns to give out.</param>
    public static SidecarBuilder UseMLNetPredictor(this SidecarBuilder sidecar, Action<MLNetOptions>? configure = null) =>
        sidecar.UsePredictor(services =>
        {
            var options = new MLNetOptions();
            configure?.Invoke(options);
            string folder = services.GetRequiredService<SidecarOptions>().ModelDir;
            return new MLNetPredictor(Path.Combine(folder, options.Path ?? "model.zip"), options);
        });
}
