using BreastCancer;
using Sidecars;
using Sidecars.Onnx;

return await SidecarApplication.RunAsync<BreastCancerModel>(args, sidecar => sidecar.UseOnnxPredictor());
