namespace Sidecars.Options;

/// <summary>How an option's text is read.</summary>
internal enum OptionKind
{
    Int,
    Float,
    Bool,

    /// <summary>A Boolean that is true by being there and takes a value only as <c>--flag=value</c>.</summary>
    Switch,
    Text,
    Choice,
    List,
}
