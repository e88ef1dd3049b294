namespace Sidecars.Explainers.Answers;

/// <summary>Shapley values for terminals and logs: lines of 80 columns, bars of characters, no colours.</summary>
internal static class ShapText
{
    /// <summary>So many rows are told, and so many features of each; the JSON has all.</summary>
    public const int MostRows = 50, MostSteps = 20;

    private const int MostBar = 12, MostNumber = 14;

    public static string Write(AnswerSource source, TabularData rows, ShapExplanation shap, RunFacts run)
    {
        string[] players = source.Players(shap.Players);
        var text = new TextLines();
        if (shap.Rows > 1)
        {
            text.Add($"{source.ModelName}: {NumberText.Count(shap.Rows)} rows, {TextColumns.Plain(ShapWords.Tally(source, shap))}").Add();
        }

        int told = Math.Min(shap.Rows, MostRows);
        for (int row = 0; row < told; row++)
        {
            int[] outputs = ShapWords.Outputs(shap, row);
            AppendRow(text, source, shap, new ShapView(source, rows, shap, players, row, outputs[0]));
            foreach (int output in outputs.Skip(1).Take(10))
            {
                var other = new ShapView(source, rows, shap, players, row, output);
                text.Add(TextColumns.Plain($"{other.Score}: {ShapSum.Of(other)}"));
            }

            text.Add();
        }

        if (told < shap.Rows || shap.Outputs > 11)
        {
            text.Add("The JSON has all rows and outputs.").Add();
        }

        return text.Add(Cost(source, shap, run)).ToString();
    }

    private static void AppendRow(TextLines text, AnswerSource source, ShapExplanation shap, ShapView view)
    {
        string row = shap.Rows > 1 ? $"Row {view.Row + 1}: " : "";
        text.Add(row + TextColumns.Plain(ShapWords.Verdict(source, view)));
        string probability = ShapWords.Probability(view) is { } p ? $", a probability of {p}" : "";
        text.Add($"f(x) is the {view.Score}{probability}.").Add();

        WaterfallStep[] steps = WaterfallStep.Of(view, MostSteps);
        string[] numbers = [.. steps.Select(step => TextColumns.Plain(view.Numbers.Signed(step.Effect)))];
        string[] errors = [.. steps.Select(step => step.Error > 0 ? "+-" + TextColumns.Plain(view.Numbers.Digits(step.Error)) : shap.Exact ? "exact" : "")];
        string from = TextColumns.Plain(view.Numbers.Text(view.Base)), to = TextColumns.Plain(view.Numbers.Text(view.Prediction));
        int number = numbers.Append(from).Append(to).Max(static n => n.Length), error = errors.Max(static e => e.Length);
        int bar = number > MostNumber ? 0 : MostBar;
        int name = TextLines.Columns - 2 - number - 2 - error - (bar > 0 ? (2 * bar) + 3 : 0) - 2;
        name = Math.Min(name, steps.Select(Full).Append(WaterfallBar.Base).Max(static n => TextColumns.Of(TextColumns.Clean(n))));
        double largest = steps.Max(static step => double.IsFinite(step.Effect) ? Math.Abs(step.Effect) : 0);
        text.Add($"  {TextColumns.Fit(WaterfallBar.Base, name)}  {from.PadLeft(number)}");
        for (int i = 0; i < steps.Length; i++)
        {
            string line = $"  {TextColumns.Fit(steps[i].Name, steps[i].Cell, name)}  {numbers[i].PadLeft(number)}  {errors[i].PadLeft(error)}  {Bar(steps[i].Effect, largest, bar)}";
            text.Add(line.TrimEnd());
        }

        text.Add($"  {TextColumns.Fit(WaterfallBar.Answer, name)}  {to.PadLeft(number)}").Add();
        ShapSum sum = ShapSum.Of(view);
        text.Add(TextColumns.Plain($"base value and all values together: {sum}"));
        if (sum.Note is { } note)
        {
            text.Add(note);
        }

        foreach ((int first, int second, double effect) in ShapInteractions.Largest(shap, view, 5))
        {
            string both = TextColumns.Plain(NumberScale.For(0, 0, [effect]).Signed(effect));
            text.Add($"{view.Name(first)} with {view.Name(second)}: {both} beyond what each does alone");
        }
    }

    private static string Full(WaterfallStep step) => step.Cell is null ? step.Name : $"{step.Name} = {TextColumns.Plain(step.Cell)}";

    /// <summary>Minuses to the left of the middle, or pluses to its right; something is never nothing.</summary>
    private static string Bar(double effect, double largest, int most)
    {
        if (most == 0)
        {
            return "";
        }

        int length = largest > 0 && double.IsFinite(effect) && effect != 0 ? Math.Max(1, (int)Math.Round(Math.Abs(effect) / largest * most)) : 0;
        return effect < 0 ? new string('-', length).PadLeft(most) + "|" : new string(' ', most) + "|" + new string('+', length);
    }

    private static string Cost(AnswerSource source, ShapExplanation shap, RunFacts run) =>
        TextColumns.Plain($"{run.Method}, {ShapWords.Certainty(shap)}{(shap.OutOfTime ? ", OUT OF TIME: the best by the deadline" : "")}; "
            + $"{(shap.Samples > 0 ? NumberText.Count(shap.Samples) + " coalitions a row, " : "")}background {ShapWords.Background(run)}, seed {run.Seed}; "
            + $"{NumberText.Count(run.Calls)} predictor calls, {NumberText.Count(run.Rows)} rows, {NumberText.Duration(run.Elapsed)}, of that the model {NumberText.Duration(run.ModelTime)}");
}
