using System.Runtime.CompilerServices;

namespace Sidecars.Tests.Architecture;

/// <summary>
/// The rooms of framework/Sidecars are its folders, and a type lives in the file that is named after it. Who may know
/// whom is written here, and read off the assembly.
/// </summary>
public sealed class RoomTests
{
    private const string Face = "", Protocol = "Protocol", Telemetry = "Telemetry", Predictor = "Predictor", Pipeline = "Pipeline",
        Serving = "Serving", Options = "Options", Hosting = "Hosting";

    // Types of the face that say what is spoken or asked: names without behaviour, which every room may use.
    private static readonly string[] s_words = ["InferenceProtocol", "InferenceVerb", "PredictorProtocol"];

    private static readonly Dictionary<string, string[]> s_mayUse = new()
    {
        [Protocol] = [],
        [Telemetry] = [Protocol, Face],
        [Options] = [Face, Predictor, Telemetry],
        [Predictor] = [Protocol, Face],
        [Pipeline] = [Protocol, Predictor, Telemetry, Face],
        [Serving] = [Protocol, Predictor, Pipeline, Telemetry, Face],
        [Hosting] = [Protocol, Predictor, Pipeline, Telemetry, Serving, Options, Face],
        [Face] = [Protocol, Predictor, Pipeline, Telemetry, Serving, Options, Hosting],
    };

    private static readonly Lazy<Dictionary<string, string>> s_rooms = new(FindRooms);

    private static readonly Lazy<IReadOnlyDictionary<string, HashSet<string>>> s_uses = new(() => TypeUse.Read(typeof(Model).Assembly.Location));

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
    public void Types_Written_StandInAFileOfTheirName()
    {
        IEnumerable<string> homeless = s_uses.Value.Keys
            .Where(static t => !Short(t).StartsWith('<') && !IsGenerated(t) && RoomOf(t) is null);

        homeless.Should().BeEmpty();
    }

    [Fact]
    public void Check_OnAKnownUse_SeesIt() =>
        s_uses.Value["Sidecars.Serving.InferenceEndpoint"].Should().Contain("Sidecars.Pipeline.InferencePipeline", "else the rules above could not fail");

    [Fact]
    public void Package_References_NoneOfTheOtherPackages() =>
        typeof(Model).Assembly.GetReferencedAssemblies().Select(static a => a.Name!)
            .Should().NotContain(static n => n.StartsWith("Sidecars", StringComparison.Ordinal) || n.StartsWith("Microsoft.ML", StringComparison.Ordinal));

    private static string? RoomOf(string type) => s_rooms.Value.GetValueOrDefault(Short(type));

    private static string Short(string type) => type[(type.LastIndexOf('.') + 1)..].Split('`')[0];

    /// <summary>What compilers make: of .proto files, of regular expressions and of log messages.</summary>
    private static bool IsGenerated(string type) =>
        type.StartsWith("Sidecars.Protocol.Grpc.", StringComparison.Ordinal) || !type.StartsWith("Sidecars.", StringComparison.Ordinal);

    /// <summary>Type name → the topmost folder of the file that is named after it.</summary>
    private static Dictionary<string, string> FindRooms()
    {
        string root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../../../framework/Sidecars"));
        var rooms = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories))
        {
            string[] path = Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar);
            if (path[0] is "obj" or "bin")
            {
                continue;
            }

            string room = path.Length == 1 ? Face : path[0];

            // Public types keep the short namespace wherever they stand, so their folder is no namespace.
            rooms[path[^1].Split('.')[0]] = room;
        }

        return rooms;
    }

    private static string Here([CallerFilePath] string file = "") => file;
}
