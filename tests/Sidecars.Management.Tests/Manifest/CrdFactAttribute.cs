namespace Sidecars.Management.Tests.Manifest;

/// <summary>A test that needs KServe's custom resource definition; skipped without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CrdFactAttribute : FactAttribute
{
    internal const string Missing = "KServe's custom resource definition is not at hand; set KSERVE_CRD to its file.";

    public CrdFactAttribute()
    {
        if (CustomResourceSchema.File is null)
        {
            Skip = Missing;
        }
    }
}
