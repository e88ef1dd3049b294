namespace Sidecars.Management;

/// <summary>How KServe runs a service; annotation <c>serving.kserve.io/deploymentMode</c>, fixed once it is created.</summary>
public enum DeploymentMode
{
    /// <summary>Knative services: scale to zero, traffic by revision. Older name: Serverless.</summary>
    Knative,

    /// <summary>Plain Deployments and Services. Older name: RawDeployment.</summary>
    Standard,

    /// <summary>Many models in shared pods.</summary>
    ModelMesh,
}
