using Sidecars.Tests.Architecture;

namespace Sidecars.Explainers.Tests.Architecture;

/// <summary>
/// Who may know whom in explainers/Sidecars.Explainers. The algorithms know scores and tables and no server; anchors and
/// Shapley values do not know each other.
/// </summary>
public sealed class RoomTests
{
    private const string Face = RoomMap.Face, Graphs = "Graphs", Tabular = "Tabular", Scoring = "Scoring", Anchors = "Anchors", Shap = "Shap",
        Options = "Options", Answers = "Answers", Serving = "Serving", Progress = "Progress";

    private static readonly Dictionary<string, string[]> s_mayUse = new()
    {
        [Graphs] = [Tabular],
        [Scoring] = [Graphs, Tabular],
        [Progress] = [],
        [Anchors] = [Scoring, Tabular, Progress],
        [Shap] = [Scoring, Graphs, Tabular, Progress],
        [Options] = [Anchors, Shap],
        [Tabular] = [Options],
        [Answers] = [Options, Anchors, Shap, Tabular],
        [Serving] = [Answers, Options, Anchors, Shap, Scoring, Graphs, Tabular, Progress, Face],
        [Face] = [Serving, Answers, Options, Scoring, Tabular],
    };

    private static readonly Lazy<RoomMap> s_map = new(static () => new RoomMap(
        "explainers/Sidecars.Explainers", typeof(IScorer), s_mayUse,
        words: ["ScoreKind", "ShapLink"],
        generated: "Sidecars.Explainers.Graphs.Onnx."));

    public static TheoryData<string> Rooms => new(s_mayUse.Keys);

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Room_ItsTypes_UseOnlyRoomsTheyMay(string room) => s_map.Value.Broken(room).Should().BeEmpty();

    [Fact]
    public void Rooms_OfTheSourceTree_AreTheseAndNoOthers() => s_map.Value.Rooms.Should().Equal(s_mayUse.Keys.Order());

    [Fact]
    public void Types_Written_StandInAFileOfTheirName() => s_map.Value.Homeless().Should().BeEmpty();

    [Fact]
    public void Check_OnAKnownUse_SeesIt() =>
        s_map.Value.Uses["Sidecars.Explainers.KernelShap"].Should().Contain("Sidecars.Explainers.IScorer", "else the rules above could not fail");
}
