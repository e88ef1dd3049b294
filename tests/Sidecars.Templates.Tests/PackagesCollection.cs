namespace Sidecars.Templates.Tests;

/// <summary>The tests that share one packed solution.</summary>
[CollectionDefinition(Name)]
public sealed class PackagesCollection : ICollectionFixture<PackedSolution>
{
    public const string Name = "Packages";
}
