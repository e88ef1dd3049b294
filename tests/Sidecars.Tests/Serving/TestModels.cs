namespace Sidecars.Tests.Serving;

/// <summary>Overrides nothing.</summary>
public sealed class Proxy : Model;

/// <summary>Reads everything and changes nothing.</summary>
public sealed class Looking : Model
{
    protected override InferRequest Preprocess(InferRequest request, InferenceContext context)
    {
        _ = request.Inputs.Sum(static i => i.Count);
        _ = request.Id;
        return request;
    }

    protected override InferResponse Postprocess(InferResponse response, InferenceContext context)
    {
        _ = response.Outputs.Sum(static o => o.Count);
        return response;
    }
}

/// <summary>Doubles numbers where they lie, on both ways.</summary>
public sealed class Doubling : Model
{
    protected override InferRequest Preprocess(InferRequest request, InferenceContext context)
    {
        Double(request.Inputs[0]);
        return request;
    }

    protected override InferResponse Postprocess(InferResponse response, InferenceContext context)
    {
        Double(response.Outputs[0]);
        return response;
    }

    private static void Double(Tensor tensor)
    {
        if (tensor.Datatype == Datatype.FP64)
        {
            foreach (ref double value in tensor.Edit<double>())
            {
                value *= 2;
            }

            return;
        }

        foreach (ref float value in tensor.Edit<float>())
        {
            value *= 2;
        }
    }
}

/// <summary>Builds rows without a name, as a transformer that computes features does.</summary>
public sealed class Building : Model
{
    protected override InferRequest Preprocess(InferRequest request, InferenceContext context) =>
        InferRequest.FromRows([1f, 2f, 3f, 4f], columns: 2);
}

/// <summary>Passes a response header on and sets another.</summary>
public sealed class HeaderSetting : Model
{
    protected override InferResponse Postprocess(InferResponse response, InferenceContext context)
    {
        context.ResponseHeaders["x-set"] = "here";
        if (response.Headers.TryGetValue("x-from-predictor", out string? value))
        {
            context.ResponseHeaders["x-passed"] = value;
        }

        return response;
    }
}

/// <summary>Asks nobody.</summary>
public sealed class Constant : Model
{
    protected internal override ValueTask<InferResponse> PredictAsync(InferRequest request, InferenceContext context) =>
        new(InferResponse.FromTensors(Tensor.Create("y", [7f], 1)));
}
