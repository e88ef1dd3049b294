namespace Sidecars.Management.Manifest;

/// <summary>The names of the deployment modes, past and present.</summary>
internal static class DeploymentModes
{
    public const string Annotation = "serving.kserve.io/deploymentMode";

    public static DeploymentMode? Parse(string? text) => text switch
    {
        "Knative" or "Serverless" => DeploymentMode.Knative,
        "Standard" or "RawDeployment" => DeploymentMode.Standard,
        "ModelMesh" => DeploymentMode.ModelMesh,
        _ => null,
    };
}
