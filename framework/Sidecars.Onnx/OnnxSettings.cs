using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Sidecars.Onnx;

/// <summary>Reads <see cref="OnnxOptions"/>; whatever is wrong is reported together.</summary>
internal static class OnnxSettings
{
    private const int MaxThreads = 1024;

    /// <param name="configuration">Flags, environment variables and appsettings.json, the former over the latter.</param>
    /// <param name="configure">What the application's own code sets; it wins.</param>
    /// <exception cref="SidecarConfigurationException">Options are wrong; the message names all of them.</exception>
    public static OnnxOptions Read(IConfiguration? configuration, Action<OnnxOptions>? configure)
    {
        OnnxOptions options = new();
        List<string> errors = [];
        if (configuration is not null)
        {
            Take(configuration, "onnx_device", "auto, cpu, cuda, tensorrt", errors, text =>
            {
                OnnxDevice? device = DeviceNames.Parse(text);
                options.Device = device ?? options.Device;
                return device is not null;
            });
            Take(configuration, "onnx_device_id", "a whole number from 0", errors, text => TakeNumber(text, 0, int.MaxValue, v => options.DeviceId = v));
            Take(configuration, "onnx_intra_op_threads", "a whole number from 1 to 1024", errors,
                text => TakeNumber(text, 1, MaxThreads, v => options.IntraOpThreads = v));
            Take(configuration, "onnx_inter_op_threads", "a whole number from 1 to 1024", errors,
                text => TakeNumber(text, 1, MaxThreads, v => options.InterOpThreads = v));
            Take(configuration, "onnx_warm_up", "true, false", errors, text =>
            {
                bool known = bool.TryParse(text, out bool warmUp);
                options.WarmUp = known ? warmUp : options.WarmUp;
                return known;
            });
        }

        configure?.Invoke(options);
        errors.AddRange(Problems(options));
        return errors.Count == 0 ? options : throw new SidecarConfigurationException(string.Join(" ", errors));
    }

    /// <exception cref="SidecarConfigurationException">Options are wrong; the message names all of them.</exception>
    public static void Validate(OnnxOptions options)
    {
        if (Problems(options).ToList() is { Count: > 0 } problems)
        {
            throw new SidecarConfigurationException(string.Join(" ", problems));
        }
    }

    private static IEnumerable<string> Problems(OnnxOptions options)
    {
        if (!Enum.IsDefined(options.Device))
        {
            yield return $"OnnxOptions.Device is {options.Device}; allowed: {string.Join(", ", Enum.GetNames<OnnxDevice>())}.";
        }

        if (options.DeviceId < 0)
        {
            yield return $"OnnxOptions.DeviceId is {options.DeviceId}; allowed: 0 and above.";
        }

        if (options.IntraOpThreads is < 1 or > MaxThreads)
        {
            yield return $"OnnxOptions.IntraOpThreads is {options.IntraOpThreads}; allowed: 1 to {MaxThreads}, or null.";
        }

        if (options.InterOpThreads is < 1 or > MaxThreads)
        {
            yield return $"OnnxOptions.InterOpThreads is {options.InterOpThreads}; allowed: 1 to {MaxThreads}, or null.";
        }
    }

    private static void Take(IConfiguration configuration, string name, string allowed, List<string> errors, Func<string, bool> take)
    {
        // An empty variable is how a pod's manifest says "not set".
        if (configuration[name] is { Length: > 0 } text && !take(text))
        {
            errors.Add($"--{name} is '{text}'; allowed: {allowed}.");
        }
    }

    private static bool TakeNumber(string text, int least, int most, Action<int> set)
    {
        bool fits = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most;
        if (fits)
        {
            set(value);
        }

        return fits;
    }
}
