using Image;
using Sidecars;

// Without --predictor_host the stand-in answers: it names colours, so that the sample runs alone.
return await SidecarApplication.RunAsync<ImageModel>(args, static sidecar => sidecar.UsePredictor(static _ => new ColourPredictor()));
