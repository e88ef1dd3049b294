namespace Sidecars.Management.Tests.Manifest;

/// <summary>A test with cases that needs KServe's custom resource definition; skipped without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CrdTheoryAttribute : TheoryAttribute
{
    public CrdTheoryAttribute()
    {
        if (CustomResourceSchema.File is null)
        {
            Skip = CrdFactAttribute.Missing;
        }
    }
}
