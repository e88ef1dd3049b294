using Sidecars.Predictor;

namespace Sidecars.Tests.Predictor;

public sealed class ModelUrisTests
{
    private static readonly Uri s_address = new("http://predictor/prefix/");

    [Theory]
    [InlineData(true, InferenceVerb.Predict, "http://predictor/prefix/v1/models/a%20b:predict")]
    [InlineData(true, InferenceVerb.Explain, "http://predictor/prefix/v1/models/a%20b:explain")]
    [InlineData(false, InferenceVerb.Predict, "http://predictor/prefix/v2/models/a%20b/infer")]
    public void For_NameAndVerb_GivesThePathOfTheProtocol(bool v1, InferenceVerb verb, string expected)
    {
        var uris = new ModelUris(s_address, v1);

        uris.For("a b", verb).AbsoluteUri.Should().Be(expected);
        uris.For("a b", verb).Should().BeSameAs(uris.For("a b", verb), "the last one is kept");
    }

    [Fact]
    public void For_AnotherModelInBetween_GivesEachItsOwn()
    {
        var uris = new ModelUris(s_address, v1: true);

        string[] given = [.. ((string[])["a", "b", "a", "a"]).Select(m => uris.For(m, InferenceVerb.Predict).AbsolutePath)];

        given.Should().Equal("/prefix/v1/models/a:predict", "/prefix/v1/models/b:predict", "/prefix/v1/models/a:predict", "/prefix/v1/models/a:predict");
        uris.For("a", InferenceVerb.Explain).AbsolutePath.Should().Be("/prefix/v1/models/a:explain");
    }
}
