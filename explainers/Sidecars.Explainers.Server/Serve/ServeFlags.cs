using System.Globalization;
using System.Text;
using Sidecars.Explainers.Options;
using Sidecars.Explainers.Server.Commands;

namespace Sidecars.Explainers.Server.Serve;

/// <summary>The command <c>serve</c> and its flags, which stand beside all those of the framework.</summary>
internal static class ServeFlags
{
    /// <summary>The command.</summary>
    public static Command Command { get; } = new(
        "serve",
        "[serve] [flags] [EXPLAINER [--option value]...]",
        """
        Answers :explain from the artefact in the model directory, over V1, V2 and gRPC. Other commands:
          fit --data TRAIN.csv --output DIR [--model MODEL.onnx]   makes an artefact; fit --help
          explain --input ROWS --output OUT.jsonl                  explains many rows; explain --help
        EXPLAINER picks the explainer that answers when a request names none, and its flags override the artefact's
        options, as KServe's Alibi server took them.
        """,
        [
            new("storage_uri", "URI", "Where the artefact is; also STORAGE_URI. Of what is remote KServe puts the files into --model_dir."),
            new("device", "NAME", "What runs the artefact's model: auto, cpu, cuda or cuda:N; also SIDECAR_DEVICE. Default: auto."),
            new("explainer_threads", "N", "Explanations that compute at once. Default: as many as there are processors."),
            new("merge_rows", "BOOL", "Merge rows of concurrent explanations into one run of the model. Default: on a GPU."),
        ]);

    /// <summary>What <c>--help</c> prints before the framework's own flags.</summary>
    public static string Help()
    {
        StringBuilder text = new StringBuilder(Command.Help()).Append("\nExplainers and their options:\n");
        foreach (OptionTable table in OptionTable.All)
        {
            text.Append("  ").Append(table.Type).Append('\n');
            foreach (ExplainerOption option in table.Options)
            {
                text.Append(CultureInfo.InvariantCulture, $"    --{option.Name,-22}{option.Help} Default: {option.Default}.")
                    .Append(option.NoEffectBecause is { } because ? $" Without effect: {because}." : "").Append('\n');
            }
        }

        return text.Append('\n').ToString();
    }
}
