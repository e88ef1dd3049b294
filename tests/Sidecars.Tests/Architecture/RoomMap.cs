using System.Runtime.CompilerServices;

namespace Sidecars.Tests.Architecture;

/// <summary>
/// A package's rooms, which are the folders of its source, and who of them uses whom, read off its assembly. A type lives in
/// the file that is named after it; the face is what lies in no folder.
/// </summary>
internal sealed class RoomMap
{
    public const string Face = "";

    private readonly Dictionary<string, string[]> _mayUse;
    private readonly string[] _words;
    private readonly string _generated;
    private readonly Dictionary<string, string> _rooms;

    /// <param name="folder">The package's folder in the repository.</param>
    /// <param name="member">A type of the package's assembly.</param>
    /// <param name="mayUse">Which rooms each room may use besides itself.</param>
    /// <param name="words">Types that are names without behaviour, which every room may use.</param>
    /// <param name="generated">The namespace of what compilers make of .proto files.</param>
    public RoomMap(string folder, Type member, Dictionary<string, string[]> mayUse, string[] words, string generated)
    {
        _mayUse = mayUse;
        _words = words;
        _generated = generated;
        _rooms = FindRooms(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../../..", folder)));
        Uses = TypeUse.Read(member.Assembly.Location);
    }

    /// <summary>Full name of each type → full names of those it uses.</summary>
    public IReadOnlyDictionary<string, HashSet<string>> Uses { get; }

    /// <summary>The rooms there are.</summary>
    public IEnumerable<string> Rooms => _rooms.Values.Distinct().Order();

    /// <summary>Uses by types of a room that it may not make.</summary>
    public IEnumerable<string> Broken(string room) =>
        (from type in Uses
         where RoomOf(type.Key) == room
         from used in type.Value
         let usedRoom = RoomOf(used)
         where usedRoom is not null && usedRoom != room && !_mayUse[room].Contains(usedRoom) && !_words.Contains(Short(used))
         select $"{Short(type.Key)} uses {Short(used)} of {(usedRoom.Length == 0 ? "the face" : usedRoom)}").Distinct().Order();

    /// <summary>Types that stand in no file of their name.</summary>
    public IEnumerable<string> Homeless() =>
        Uses.Keys.Where(t => !Short(t).StartsWith('<') && !IsGenerated(t) && RoomOf(t) is null);

    private string? RoomOf(string type) => _rooms.GetValueOrDefault(Short(type));

    private static string Short(string type) => type[(type.LastIndexOf('.') + 1)..].Split('`')[0];

    /// <summary>What compilers make: of .proto files, of regular expressions and of log messages.</summary>
    private bool IsGenerated(string type) =>
        type.StartsWith(_generated, StringComparison.Ordinal) || !type.StartsWith("Sidecars.", StringComparison.Ordinal);

    /// <summary>Type name → the topmost folder of the file that is named after it.</summary>
    private static Dictionary<string, string> FindRooms(string root)
    {
        var rooms = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories))
        {
            string[] path = Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar);
            if (path[0] is not ("obj" or "bin"))
            {
                // Public types keep the short namespace wherever they stand, so their folder is no namespace.
                rooms[path[^1].Split('.')[0]] = path.Length == 1 ? Face : path[0];
            }
        }

        return rooms;
    }

    private static string Here([CallerFilePath] string file = "") => file;
}
