using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Sidecars.Onnx;

/// <summary>Puts an ONNX model behind a sidecar.</summary>
public static class OnnxSidecarExtensions
{
    /// <summary>
    /// Answers predictions in this process when no <c>--predictor_host</c> is given: by <c>model.onnx</c> in the model
    /// directory, or by <c>NAME/model.onnx</c> for the model of that name. See <see cref="OnnxPredictor"/>.
    /// </summary>
    /// <param name="sidecar">The sidecar.</param>
    /// <param name="configure">Sets options in code; wins over flags, environment and configuration.</param>
    public static SidecarBuilder UseOnnxPredictor(this SidecarBuilder sidecar, Action<OnnxOptions>? configure = null) =>
        sidecar.UsePredictor(services => new OnnxPredictor(
            services.GetRequiredService<SidecarOptions>().ModelDir,
            () => OnnxSettings.Read(services.GetService<IConfiguration>(), configure),
            services.GetRequiredService<ILoggerFactory>().CreateLogger<OnnxPredictor>(),
            services.GetService<TimeProvider>() ?? TimeProvider.System));
}
