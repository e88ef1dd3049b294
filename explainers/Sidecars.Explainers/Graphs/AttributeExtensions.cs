using Sidecars.Explainers.Graphs.Onnx;

namespace Sidecars.Explainers.Graphs;

/// <summary>The attributes of a node, by name.</summary>
internal static class AttributeExtensions
{
    public static AttributeProto? Find(this NodeProto node, string name) => node.Attribute.FirstOrDefault(a => a.Name == name);

    public static long Int(this NodeProto node, string name, long otherwise) => node.Find(name)?.I ?? otherwise;

    public static double Float(this NodeProto node, string name, double otherwise) => node.Find(name)?.F ?? otherwise;

    public static string Text(this NodeProto node, string name, string otherwise) => node.Find(name)?.S.ToStringUtf8() ?? otherwise;

    public static double[] Floats(this NodeProto node, string name) =>
        node.Find(name) is { } found ? [.. found.Floats.Select(static v => (double)v)] : [];

    public static long[] Ints(this NodeProto node, string name) => node.Find(name) is { } found ? [.. found.Ints] : [];
}
