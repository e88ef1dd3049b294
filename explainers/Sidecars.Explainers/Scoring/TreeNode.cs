using System.Runtime.InteropServices;

namespace Sidecars.Explainers.Scoring;

/// <summary>
/// One decision of a compiled tree: <c>x[Column] &lt;= Threshold</c> leads to <see cref="Then"/>, anything else, NaN too, to
/// <see cref="Otherwise"/>. A leaf leads to itself.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TreeNode
{
    public float Threshold;
    public int Column;

    // In this order, so that a comparison picks one by its place.
    public int Otherwise;
    public int Then;
}
