using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Data;
using Sidecars.MLNet.Columns;
using Sidecars.MLNet.Rows;

namespace Sidecars.MLNet;

/// <summary>
/// An ML.NET pipeline from a <c>.zip</c> file: rows in, the chosen output columns out as tensors. Thread-safe.
/// </summary>
/// <remarks>
/// As a step of Preprocess: <c>InferRequest.FromTensors(request, pipeline.Transform(request))</c>. Columns and tensors
/// correspond so: a scalar column is [rows], a vector column [rows, length]; text is BYTES, boolean is BOOL, a key is
/// the unsigned number it is stored as (UINT32 as a rule; counted from 1, 0 for missing), numbers keep their type.
/// </remarks>
public sealed class MLNetPipeline : IDisposable
{
    private readonly ConcurrentBag<RowEngine> _engines = [];
    private readonly Lock _making = new();
    private readonly ITransformer _transformer;
    private readonly IRowToRowMapper _mapper;
    private readonly InputColumns _inputs;
    private readonly DataViewSchema.Column[] _outputs;

    private MLNetPipeline(ITransformer transformer, DataViewSchema schema, MLNetOptions options)
    {
        _transformer = transformer;
        if (!transformer.IsRowToRowMapper)
        {
            throw new SidecarConfigurationException("it does not map each row to one row (a filter or a time series), so there is no answer per instance");
        }

        _mapper = transformer.GetRowToRowMapper(schema);
        _outputs = OutputChoice.Choose(transformer, schema, _mapper.OutputSchema, options.Outputs);
        Outputs = [.. _outputs.Select(ColumnType.Describe)];

        // Only what the outputs depend on is asked of callers: the label of the training data is not.
        _inputs = new InputColumns(schema, [.. _mapper.GetDependencies(_outputs).OrderBy(static c => c.Index)]);
    }

    /// <summary>
    /// The columns that <see cref="Outputs"/> depend on. Also the V1 form: rows of these named fields, or lists in
    /// this order when all are single numbers.
    /// </summary>
    public IReadOnlyList<TensorMetadata> Inputs => _inputs.Metadata;

    /// <summary>The columns that are given out.</summary>
    public IReadOnlyList<TensorMetadata> Outputs { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The <c>.zip</c> that <c>MLContext.Model.Save</c> wrote, with an input schema.</param>
    /// <param name="outputs">The columns to give out; null as <see cref="MLNetOptions.Outputs"/> describes.</param>
    /// <exception cref="SidecarConfigurationException">There is no such file, or it cannot be served; the message says why.</exception>
    public static MLNetPipeline Load(string path, IReadOnlyList<string>? outputs = null) =>
        Load(path, new MLNetOptions { Outputs = outputs });

    /// <summary>Maps the rows of a request of any protocol.</summary>
    /// <returns>One tensor per column of <see cref="Outputs"/>, under the column's name.</returns>
    /// <exception cref="InferenceException">A column is missing, unknown or of the wrong type; the message names it.</exception>
    public IReadOnlyList<Tensor> Transform(InferRequest request) => Transform(request.InputsFor(_inputs.Declared));

    /// <summary>Maps rows given as one tensor per input column, or as one matrix when all are single numbers.</summary>
    /// <returns>One tensor per column of <see cref="Outputs"/>, under the column's name.</returns>
    /// <exception cref="InferenceException">A column is missing, unknown or of the wrong type; the message names it.</exception>
    public IReadOnlyList<Tensor> Transform(IReadOnlyList<Tensor> inputs)
    {
        BoundColumns bound = _inputs.Bind(inputs);
        RowEngine engine = _engines.TryTake(out RowEngine? pooled) ? pooled : Make();
        IReadOnlyList<Tensor> outputs = engine.Run(bound);

        // One that threw is left to the collector: nobody knows what state it is in.
        _engines.Add(engine);
        return outputs;
    }

    /// <summary>Releases the model.</summary>
    public void Dispose()
    {
        while (_engines.TryTake(out RowEngine? engine))
        {
            engine.Dispose();
        }

        (_transformer as IDisposable)?.Dispose();
    }

    internal static MLNetPipeline Load(string path, MLNetOptions options)
    {
        if (!File.Exists(path))
        {
            throw new SidecarConfigurationException($"There is no ML.NET file {path}; --model_dir names the folder.");
        }

        try
        {
            ITransformer transformer = new MLContext().Model.Load(path, out DataViewSchema? schema);
            return schema is null
                ? throw new SidecarConfigurationException("it was saved without its input schema; give the training data's schema to Model.Save")
                : new MLNetPipeline(transformer, schema, options);
        }
        catch (SidecarConfigurationException e)
        {
            throw new SidecarConfigurationException($"The ML.NET file {path} cannot be served: {e.Message}", e);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // ML.NET throws what its parts throw: there is no one type for a file it cannot read.
            throw new SidecarConfigurationException($"The file {path} cannot be read as an ML.NET model: {e.Message}", e);
        }
    }

    private RowEngine Make()
    {
        lock (_making)
        {
            return new RowEngine(_mapper, _inputs.Schema, _outputs);
        }
    }
}
