using System.Text.Json.Serialization;

namespace Sidecars.Management;

/// <summary>One thing that must hold for a service to be ready.</summary>
public sealed class ServiceCondition : ManifestPart
{
    /// <summary>Which: <c>Ready</c>, <c>PredictorReady</c>, …</summary>
    public string? Type { get; set; }

    /// <summary><c>True</c>, <c>False</c> or <c>Unknown</c>.</summary>
    public string? Status { get; set; }

    /// <summary>A word for why.</summary>
    public string? Reason { get; set; }

    /// <summary>A sentence for why.</summary>
    public string? Message { get; set; }

    /// <summary><c>Info</c> for one that <c>Ready</c> does not depend on; null otherwise.</summary>
    public string? Severity { get; set; }

    /// <summary>Whether it holds.</summary>
    [JsonIgnore]
    public bool IsTrue => Status == "True";

    /// <summary>The condition on one line.</summary>
    public override string ToString() =>
        $"{Type} is {Status}{(string.IsNullOrEmpty(Reason) ? "" : $", {Reason}")}{(string.IsNullOrEmpty(Message) ? "" : $": {Message}")}";
}
