using Sidecars.Explainers.Server.Commands;

namespace Sidecars.Explainers.Server.Explain;

/// <summary>The command <c>explain</c> and its flags.</summary>
internal static class ExplainFlags
{
    /// <summary>Stands for the shard's number in the name of the output.</summary>
    public const string ShardMark = "{shard}";

    /// <summary>The command.</summary>
    public static Command Command { get; } = new(
        "explain",
        "explain --input ROWS.csv|ROWS.jsonl|- --output OUT.jsonl|- [flags]",
        """
        Explains many rows with an artefact: one line of JSON each, {"row": 0, "meta": …, "data": …}, in the rows' order.
        What is in the output already is not done again, so that a run that was ended is simply started anew. A row that
        cannot be explained gets {"row": 0, "error": "…"}. The scores come from the artefact's model, or from
        --predictor_host with all flags of the server's predictor client.
        Exit codes: 0 done; 3 done, and some rows have errors; 1 could not go on; 2 wrong command line; 143 and 130 ended
        by a signal, after the rows that were begun.
        """,
        [
            new("input", "FILE|-", "Rows as CSV with a header, or as JSON lines: arrays, or objects of named features. Required."),
            new("output", "FILE|-", "Where the lines go; " + ShardMark + " in the name stands for the shard's number. Required."),
            new("format", "csv|jsonl", "What the input is. Default: by its name, or its first character."),
            new("explainer", "NAME", "Which of the artefact's explainers. Default: its first."),
            new("parameters", "JSON", "Options of the explainer for every row, as in a request: {\"threshold\": 0.9}. Default: none."),
            new("shard", "i/n", "Take every n-th row from row i. Default: JOB_COMPLETION_INDEX/JOB_COMPLETIONS, else all."),
            new("parallel", "N", "Rows worked on at once. Default: as many as there are processors."),
            new("device", "NAME", "auto, cpu, cuda or cuda:N. Default: auto."),
        ]);
}
