using BreastCancer;
using Sidecars;
using Sidecars.Explainers;
using Sidecars.Onnx;

return await SidecarApplication.RunAsync<BreastCancerModel>(args, sidecar => sidecar.UseOnnxPredictor().ExplainWith());
