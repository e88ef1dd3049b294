using System.Text;
using System.Text.Json.Serialization;

namespace Sidecars.Tests.Protocol;

/// <summary>What a caller is told of rows that are none of the model's type.</summary>
public sealed partial class RowProblemTests
{
    [Theory]
    [InlineData("[[1]]", "instance 0: an object with named values is expected, not a list")]
    [InlineData("[{\"age\":1,\"days\":2},7]", "instance 1: an object with named values is expected, not a number")]
    [InlineData("[{\"age\":\"old\",\"days\":2}]", "instance 0 at $.age: a number is expected")]
    [InlineData("[{\"age\":1,\"days\":2.5}]", "instance 0 at $.days: a whole number in range is expected")]
    [InlineData("[{\"age\":1,\"days\":2,\"name\":3}]", "instance 0 at $.name: a string is expected")]
    [InlineData("[{\"age\":1,\"days\":2,\"vip\":3}]", "instance 0 at $.vip: true or false is expected")]
    [InlineData("[{\"age\":1,\"days\":2,\"plan\":\"gold\"}]", "instance 0 at $.plan: the value is not of the expected kind")]
    [InlineData("[{\"age\":1,\"days\":2,\"visits\":3}]", "instance 0 at $.visits: a list is expected")]
    [InlineData("[{\"age\":1,\"days\":99999999999}]", "instance 0 at $.days: a whole number in range is expected")]
    [InlineData("[{\"age\":1}]", "instance 0: is missing required properties including: 'days'.")]
    [InlineData("[null]", "instance 0 is null")]
    public void Instances_RowOfAnotherKind_SaysWhichIsExpected(string rows, string message)
    {
        InferRequest request = InferRequest.FromBody(Encoding.UTF8.GetBytes($$"""{"instances":{{rows}}}"""), "application/json");

        request.Invoking(r => r.ReadInstances(Json.Default.Person)).Should().Throw<InferenceException>().WithMessage(message);
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded",
        "a payload of type 'application/x-www-form-urlencoded' has no JSON form; JSON is sent with the header Content-Type: application/json")]
    [InlineData("", "a payload without a Content-Type has no JSON form; JSON is sent with the header Content-Type: application/json")]
    public void Instances_OfAnotherContentType_NamesTheHeader(string contentType, string message)
    {
        InferRequest request = InferRequest.FromBody("""{"instances":[]}"""u8.ToArray(), contentType);

        request.Invoking(r => r.ReadInstances(Json.Default.Person)).Should().Throw<InferenceException>().WithMessage(message);
    }

    internal enum Plan
    {
        Free,
        Paid,
    }

    internal sealed record Person
    {
        public float Age { get; init; }

        public required int? Days { get; init; }

        public string? Name { get; init; }

        public bool Vip { get; init; }

        public Plan Plan { get; init; }

        public float[]? Visits { get; init; }
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Person))]
    internal sealed partial class Json : JsonSerializerContext;
}
