// The models that the conformance cases are written against, each under the name it is called by there.
using ConformanceServer;
using Sidecars;

return await SidecarApplication.RunAsync(args, sidecar =>
{
    sidecar
        .AddModel<Echo>("echo")
        .AddModel<NotReady>("nr")
        .AddModel<Declaring>("meta")
        .AddModel<Proxy>("proxy")
        .AddModel<ResponseHeaders>("rh")
        .AddModel<Slow>("slow");
    foreach ((string name, Func<Exception> make) in Raising.Errors)
    {
        sidecar.AddModel(_ => new Raising(make), name);
    }

    foreach ((string name, Func<InferResponse> make) in Answering.Values)
    {
        sidecar.AddModel(_ => new Answering(make), name);
    }
});
