namespace Sidecars.Tests.Architecture;

/// <summary>Who may know whom in framework/Sidecars.</summary>
public sealed class RoomTests
{
    private const string Face = RoomMap.Face, Protocol = "Protocol", Telemetry = "Telemetry", Predictor = "Predictor", Pipeline = "Pipeline",
        Serving = "Serving", Options = "Options", Hosting = "Hosting";

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

    private static readonly Lazy<RoomMap> s_map = new(static () => new RoomMap(
        "framework/Sidecars", typeof(Model), s_mayUse,
        words: ["InferenceProtocol", "InferenceVerb", "PredictorProtocol"],
        generated: "Sidecars.Protocol.Grpc."));

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
        s_map.Value.Uses["Sidecars.Serving.InferenceEndpoint"].Should().Contain("Sidecars.Pipeline.InferencePipeline", "else the rules above could not fail");

    [Fact]
    public void Package_References_NoneOfTheOtherPackages() =>
        typeof(Model).Assembly.GetReferencedAssemblies().Select(static a => a.Name!)
            .Should().NotContain(static n => n.StartsWith("Sidecars", StringComparison.Ordinal) || n.StartsWith("Microsoft.ML", StringComparison.Ordinal));
}
