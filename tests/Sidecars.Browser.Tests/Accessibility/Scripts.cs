using System.Reflection;

namespace Sidecars.Browser.Tests.Accessibility;

/// <summary>The scripts of this folder, which are part of the assembly.</summary>
internal static class Scripts
{
    /// <summary>A function to run in a page, which leaves nothing behind there.</summary>
    /// <param name="body">What it does.</param>
    /// <param name="files">What it does it with.</param>
    public static string Function(string body, params IEnumerable<string> files) =>
        $"() => {{ 'use strict';\n{string.Concat(files.Select(Read))}\n{body}\n}}";

    private static string Read(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
