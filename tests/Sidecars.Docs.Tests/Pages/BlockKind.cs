namespace Sidecars.Docs.Tests.Pages;

/// <summary>What a block's language makes it.</summary>
internal enum BlockKind
{
    /// <summary><c>csharp</c>: compiled.</summary>
    Program,

    /// <summary><c>json</c>: read.</summary>
    Json,

    /// <summary><c>yaml</c>: read, and an InferenceService validated.</summary>
    Yaml,

    /// <summary><c>python</c>: parsed.</summary>
    Python,

    /// <summary><c>xml</c>: read.</summary>
    Xml,

    /// <summary><c>bash</c>, <c>console</c>, and indented blocks: run, or the reason given why not.</summary>
    Commands,

    /// <summary>No language, or <c>text</c>: what a command prints, or shown to people only.</summary>
    Text,

    /// <summary>A language that nothing here knows.</summary>
    Unknown,
}
