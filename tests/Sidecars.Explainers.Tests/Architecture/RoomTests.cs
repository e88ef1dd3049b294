using System.Runtime.CompilerServices;
using Sidecars.Tests.Architecture;

namespace Sidecars.Explainers.Tests.Architecture;

/// <summary>
/// The rooms of explainers/Sidecars.Explainers are its folders. The algorithms know scores and tables and no server;
/// anchors and Shapley values do not know each other. Read off the assembly.
/// </summary>
public sealed class RoomTests
{
    private const string Face = "", Graphs = "Graphs", Tabular = "Tabular", Scoring = "Scoring", Anchors = "Anchors", Shap = "Shap",
        Options = "Options", Serving = "Serving";

    // Types that say what is meant: names without behaviour, which every room may use.
    private static readonly string[] s_words = ["ScoreKind", "ShapLink"];

    private static readonly Dictionary<string, string[]> s_mayUse = new()
    {
        [Graphs] = [Tabular],
        [Scoring] = [Graphs, Tabular],
        [Anchors] = [Scoring, Tabular],
        [Shap] = [Scoring, Graphs, Tabular],
        [Options] = [Anchors, Shap],
        [Tabular] = [Options],
        [Serving] = [Options, Anchors, Shap, Scoring, Graphs, Tabular, Face],
        [Face] = [Serving, Options, Scoring, Tabular],
    };

    private static readonly Lazy<Dictionary<string, string>> s_rooms = new(FindRooms);

    private static readonly Lazy<IReadOnlyDictionary<string, HashSet<string>>> s_uses = new(() => TypeUse.Read(typeof(IScorer).Assembly.Location));

    public static TheoryData<string> Rooms => new(s_mayUse.Keys);

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Room_ItsTypes_UseOnlyRoomsTheyMay(string room)
    {
        IEnumerable<string> broken =
            from type in s_uses.Value
            where RoomOf(type.Key) == room
            from used in type.Value
            let usedRoom = RoomOf(used)
            where usedRoom is not null && usedRoom != room && !s_mayUse[room].Contains(usedRoom) && !s_words.Contains(Short(used))
            select $"{Short(type.Key)} uses {Short(used)} of {(usedRoom.Length == 0 ? "the face" : usedRoom)}";

        broken.Distinct().Order().Should().BeEmpty();
    }

    [Fact]
    public void Rooms_OfTheSourceTree_AreTheseAndNoOthers() =>
        s_rooms.Value.Values.Distinct().Order().Should().Equal(s_mayUse.Keys.Order());

    [Fact]
    public void Types_Written_StandInAFileOfTheirName() =>
        s_uses.Value.Keys.Where(static t => !Short(t).StartsWith('<') && !IsGenerated(t) && RoomOf(t) is null).Should().BeEmpty();

    [Fact]
    public void Check_OnAKnownUse_SeesIt() =>
        s_uses.Value["Sidecars.Explainers.KernelShap"].Should().Contain("Sidecars.Explainers.IScorer", "else the rules above could not fail");

    private static string? RoomOf(string type) => s_rooms.Value.GetValueOrDefault(Short(type));

    private static string Short(string type) => type[(type.LastIndexOf('.') + 1)..].Split('`')[0];

    /// <summary>What compilers make of .proto files, regular expressions and log messages.</summary>
    private static bool IsGenerated(string type) =>
        type.StartsWith("Sidecars.Explainers.Graphs.Onnx.", StringComparison.Ordinal) || !type.StartsWith("Sidecars.", StringComparison.Ordinal);

    private static Dictionary<string, string> FindRooms()
    {
        string root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../../../explainers/Sidecars.Explainers"));
        var rooms = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories))
        {
            string[] path = Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar);
            if (path[0] is not ("obj" or "bin"))
            {
                rooms[path[^1].Split('.')[0]] = path.Length == 1 ? Face : path[0];
            }
        }

        return rooms;
    }

    private static string Here([CallerFilePath] string file = "") => file;
}
