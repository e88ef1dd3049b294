// The transformer that the load tests measure: real work on every request, a pass-through beside it.
using Sidecars;
using Sidecars.Benchmarks.Transformer;

return await SidecarApplication.RunAsync(args, sidecar => sidecar
    .AddModel<Churn>("m")
    .AddModel<Image>("img")
    .AddModel<PassThrough>("raw"));
