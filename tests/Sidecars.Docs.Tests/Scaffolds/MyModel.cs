global using Sidecars;
global using Sidecars.Explainers;
global using Sidecars.MLNet;
global using Sidecars.Onnx;

internal sealed class MyModel : Model;
