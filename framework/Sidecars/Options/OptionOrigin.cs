namespace Sidecars.Options;

/// <summary>Whose option it is. Abbreviations are looked up among KServe's flags first, so that one of ours never
/// makes an abbreviation ambiguous that KServe's own server accepts.</summary>
internal enum OptionOrigin
{
    KServe,
    Sidecars,
}
