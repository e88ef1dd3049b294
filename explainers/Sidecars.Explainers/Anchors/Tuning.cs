namespace Sidecars.Explainers.Anchors;

/// <summary>
/// What the search spends where. None of it touches the promise, which the final test alone decides; it trades rows for
/// the width of the rule that is found.
/// </summary>
internal static class Tuning
{
    public static double First = 32, ScreenMost = 400, Mode = 2, Rounds = 1, Power = 0.5, MinChance = 0.5, Optimism = 1.5, Width = 4, Sure = 200, LevelRounds = 3, Seeded = 0;
}
