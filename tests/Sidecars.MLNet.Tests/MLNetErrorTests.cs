using System.Text.Json.Nodes;

namespace Sidecars.MLNet.Tests;

public sealed class MLNetErrorTests(ModelFiles files) : IClassFixture<ModelFiles>
{
    public static TheoryData<string, Tensor[], string> Wrong => new()
    {
        { "missing", [F("Age", 1), F("Spend", 1)], "input 'City' is missing; the model takes: Age, Spend, City" },
        { "unknown", [F("Age", 1), F("Spend", 1), S("City", "Ulm"), F("Size", 1)], "input 'Size' is none of the model's; it takes: Age, Spend, City" },
        { "type", [Tensor.Create<double>("Age", [1]), F("Spend", 1), S("City", "Ulm")], "input 'Age' has datatype FP64, the model takes FP32" },
        { "text for number", [S("Age", "x"), F("Spend", 1), S("City", "Ulm")], "input 'Age' has datatype BYTES, the model takes FP32" },
        { "rows", [F("Age", 1, 2), F("Spend", 1), S("City", "Ulm")], "input 'Spend' has 1 rows, input 'Age' has 2" },
        { "width", [Tensor.Create<float>("Age", [1, 2], 1, 2), F("Spend", 1), S("City", "Ulm")], "input 'Age' has shape [1,2], the model takes [-1]" },
        { "not UTF-8", [F("Age", 1), F("Spend", 1), Tensor.FromBytes("City", [new byte[] { 0xff }])], "tensor 'City': element 0 is not UTF-8 text" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Transform_OfWrongInputs_NamesTheColumn(string what, Tensor[] inputs, string message)
    {
        using MLNetPipeline pipeline = MLNetPipeline.Load(files.Model);
        Action act = () => pipeline.Transform(inputs);
        act.Should().Throw<InferenceException>(what).Where(e => e.Kind == ErrorKind.InvalidInput).WithMessage(message);
    }

    [Fact]
    public void Transform_WithTheLabelOfTheTrainingData_IgnoresIt()
    {
        using MLNetPipeline pipeline = MLNetPipeline.Load(files.Model);
        pipeline.Transform([F("Age", 30), F("Spend", 10), S("City", "Ulm"), Tensor.Create<bool>("Label", [true])]).Should().HaveCount(3);
    }

    [Fact]
    public void Transform_OfAKeyBeyondTheTable_IsRefused()
    {
        using MLNetPipeline pipeline = MLNetPipeline.Load(files.Types, ["KeyOut"]);
        Action act = () => pipeline.Transform([Tensor.Create<uint>("Key", [4, 5])]);
        act.Should().Throw<InferenceException>().WithMessage("input 'Key': element 1 is 5, the largest key is 4");
    }

    [Fact]
    public void Transform_OfAMatrixOfTheWrongWidth_NamesTheColumns()
    {
        using MLNetPipeline pipeline = MLNetPipeline.Load(files.Sum);
        Action act = () => pipeline.Transform([Tensor.Create<float>("x", [1, 2, 3], 1, 3)]);
        act.Should().Throw<InferenceException>().WithMessage("a row has 3 values, the model takes 2: Left, Right");
    }

    [Fact]
    public void Transform_OfAFractionForAWholeNumber_NamesTheColumnAndTheRow()
    {
        using MLNetPipeline pipeline = MLNetPipeline.Load(files.Mixed, ["WholeOut", "ExactOut", "RoughOut"]);
        using InferRequest request = InferRequest.FromInstances(new JsonArray(new JsonArray(1, 1, 1), new JsonArray(1.5, 1, 1)));
        Action act = () => pipeline.Transform(request);
        act.Should().Throw<InferenceException>().WithMessage("input 'Whole': row 1 is no INT64");
    }

    [Fact]
    public void Load_OfAMissingFile_SaysWhichOption()
    {
        Action act = () => MLNetPipeline.Load("/nowhere/model.zip");
        act.Should().Throw<SidecarConfigurationException>().WithMessage("There is no ML.NET file /nowhere/model.zip; --model_dir names the folder.");
    }

    [Fact]
    public void Load_OfSomethingElse_SaysThatItIsNoModel()
    {
        string path = Path.Combine(files.Folder, "text.zip");
        File.WriteAllText(path, "no zip at all");
        Action act = () => MLNetPipeline.Load(path);
        act.Should().Throw<SidecarConfigurationException>().WithMessage($"The file {path} cannot be read as an ML.NET model: *");
    }

    [Fact]
    public void Load_OfAFileWithoutSchema_SaysHowToSaveIt()
    {
        string path = files.SaveWithoutSchema();
        Action act = () => MLNetPipeline.Load(path);
        act.Should().Throw<SidecarConfigurationException>().WithMessage(
            $"The ML.NET file {path} cannot be served: it was saved without its input schema; give the training data's schema to Model.Save");
    }

    [Fact]
    public void Load_WithAnOutputThatIsNone_ListsThoseThereAre()
    {
        Action act = () => MLNetPipeline.Load(files.Sum, ["Total"]);
        act.Should().Throw<SidecarConfigurationException>().WithMessage("*it has no output column 'Total'; there are: Left, Right, Both");
    }

    private static Tensor F(string name, params float[] values) => Tensor.Create(name, values);

    private static Tensor S(string name, params string[] values) => Tensor.FromStrings(name, values);
}
