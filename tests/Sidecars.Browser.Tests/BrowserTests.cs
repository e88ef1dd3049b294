namespace Sidecars.Browser.Tests;

/// <summary>The collection of all tests here: one after the other, in one browser, before servers that are started once.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserTests : ICollectionFixture<Browser>, ICollectionFixture<Servers>
{
    public const string Name = "browser";
}
