namespace Sidecars.Explainers.Tests.Answers;

/// <summary>Anchors of all kinds, by name.</summary>
internal static class AnchorCases
{
    public const string Hostile = "<script>alert(\"1\")</script>&'";

    private static readonly TabularSchema s_people = new(
        [
            new("Age"), new("Workclass", ["?", "Private", "Self-employed"]), new("Marital Status", ["Never married", "Married", "Widowed"]),
            new("Capital Gain"), new("Hours per week"),
        ],
        ["<=50K", ">50K"]);

    public static AnchorCase Met { get; } = new()
    {
        Schema = s_people,
        Row = [31, 1, 1, 0, 45.5f],
        Rule = [new(2, Equal: 1), new(0, Gt: 28, Le: 37), new(4, Gt: 39.5)],
        Steps = [(0.81, 0.47), (0.934, 0.2125), (0.9723333, 0.0841)],
        Examples = (3, 2),
    };

    public static AnchorCase Empty { get; } = Met with
    {
        Rule = [], Steps = [], Precision = 0.995, Interval = (0.977, 0.9997), Base = 0.99,
    };

    public static IReadOnlyDictionary<string, AnchorCase> All { get; } = new Dictionary<string, AnchorCase>
    {
        ["met"] = Met,
        ["not_met"] = Met with { Status = AnchorStatus.NotMet, Steps = [(0.81, 0.47), (0.86, 0.2), (0.902, 0.08)], Interval = (0.877, 0.923) },
        ["out_of_time"] = Met with
        {
            Status = AnchorStatus.OutOfTime, Steps = [(0.81, 0.47), (0.81, 0.2), (0.9375, 0)], Examples = (1, 1), Interval = (0.7391, 0.9969),
        },
        ["out_of_time_unseen"] = Met with
        {
            Status = AnchorStatus.OutOfTime, Rule = [new(2, Equal: 1)], Steps = [(0.75, 0.47)], Examples = (0, 0), Interval = (0.2486, 0.9873),
        },
        ["empty"] = Empty,
        ["empty_not_met"] = Empty with { Status = AnchorStatus.NotMet, Precision = 0.612, Interval = (0.575, 0.6484), Base = 0.6 },
        ["empty_out_of_time"] = Empty with { Status = AnchorStatus.OutOfTime, Precision = 0, Interval = (0, 0.0295), Base = 0 },
        ["sure"] = Met with { Rule = [new(2, Equal: 1), new(0, Gt: 28)], Steps = [(0.97, 0.47), (1, 0.2125)], Examples = (4, 0), Interval = (0.9851, 1) },
        ["threshold_1"] = Met with { Threshold = 1, Steps = [(0.81, 0.47), (0.97, 0.2125), (0.99951, 0.00004)], Interval = (0.9976, 0.99997) },
        ["falling"] = Met with { Steps = [(0.98, 0.47), (0.93, 0.2125), (0.961, 0.0841)], Interval = (0.95, 0.97) },
        ["twelve"] = Twelve(),
        ["missing"] = Met with
        {
            Row = [float.NaN, 9, 1, float.PositiveInfinity, -4.5e-7f], Rule = [new(4, Gt: -1e-6, Le: -1.25e-7)], Steps = [(0.97, 0.5)], Base = 0.4,
        },
        ["many_classes"] = Met with { Schema = s_people with { Classes = [.. Enumerable.Range(0, 40).Select(static c => $"kind {c}")] }, Label = 31 },
        ["no_class_names"] = Met with { Schema = s_people with { Classes = null }, Label = 7 },
        ["numbers_for_classes"] = Met with { Schema = s_people with { Classes = ["-1.5", "0", "3.25"] }, Label = 2 },
        ["hostile"] = new AnchorCase
        {
            Schema = new TabularSchema([new(Hostile), new("b\u001b[31m", [Hostile, Hostile + "\n\u202Eb"])], [Hostile, "x"]),
            Row = [1, 0],
            Rule = [new(1, Equal: 0), new(0, Le: 3)],
            Steps = [(0.9, 0.5), (0.97, 0.25)],
            Examples = (1, 1),
            Model = Hostile,
        },
    };

    public static TheoryData<string> Names => new(All.Keys);

    /// <summary>So many rows, of all the ways it can end.</summary>
    public static AnchorCase[] Several(int count)
    {
        string[] kinds = ["met", "not_met", "empty", "sure", "out_of_time"];
        return [.. Enumerable.Range(0, count).Select(i => All[kinds[i % kinds.Length]])];
    }

    private static AnchorCase Twelve() => new()
    {
        Schema = new TabularSchema(
            [
                .. Enumerable.Range(1, 14).Select(static i => new TabularFeature(
                    i == 3 ? "a_column_that_was_joined_of_many_tables_and_kept_all_of_their_names_without_a_single_space_in_it"
                    : i == 5 ? "the applicant's mean monthly balance over the twelve months before the application, in thousands of the account's currency"
                    : $"measurement {i}")),
            ],
            ["refused after review by the second department", "granted"]),
        Row = [.. Enumerable.Range(1, 14).Select(static i => i * 1.25f)],
        Rule = [.. Enumerable.Range(1, 12).Select(static i => new AnchorPredicate(i, Gt: i % 3 == 0 ? null : i * 0.7193, Le: i % 2 == 0 && i % 3 != 0 ? null : (i * 3) + 0.000123))],
        Steps = [.. Enumerable.Range(1, 12).Select(static i => (0.6 + (i * 0.031), Math.Pow(0.6, i)))],
        Examples = (2, 1),
        Model = "a-model-with-a-rather-long-name-v2.13.4-canary-of-the-west-european-region",
    };
}
