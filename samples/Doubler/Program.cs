using Sidecars;

return await SidecarApplication.RunAsync<Doubler>(args);

internal sealed class Doubler : Model
{
    protected override InferRequest Preprocess(InferRequest request, InferenceContext context)
    {
        foreach (ref float value in request.Inputs[0].Edit<float>())
        {
            value *= 2;
        }

        return request;
    }
}
