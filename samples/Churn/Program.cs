using Churn;
using Churn.Training;
using Sidecars;
using Sidecars.MLNet;

return args is ["train", string folder]
    ? await Trainer.TrainAsync(folder)
    : await SidecarApplication.RunAsync<ChurnModel>(args, sidecar => sidecar.UseMLNetPredictor(mlnet => mlnet.Outputs = ["Probability"]));
