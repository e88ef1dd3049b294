using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Sidecars.Serving;

/// <summary>Lets the description be written without reflection.</summary>
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class OpenApiJson : JsonSerializerContext;
