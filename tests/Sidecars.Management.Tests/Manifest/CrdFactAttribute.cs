namespace Sidecars.Management.Tests.Manifest;

/// <summary>A test that needs KServe's custom resource definition; skipped without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CrdFactAttribute : FactAttribute
{
    public CrdFactAttribute()
    {
        if (CustomResourceSchema.File is null)
        {
            Skip = "KServe's custom resource definition is not at hand; set KSERVE_CRD to its file.";
        }
    }
}
