using Sidecars.Explainers.Server.Explain;
using Sidecars.Explainers.Server.Fit;
using Sidecars.Explainers.Server.Serve;

// KServe starts the container with flags only, so whatever is no other command is `serve`.
return args switch
{
    ["fit", .. string[] rest] => await FitCommand.RunAsync(rest),
    ["explain", .. string[] rest] => await ExplainCommand.RunAsync(rest),
    ["serve", .. string[] rest] => await ServeCommand.RunAsync(rest),
    _ => await ServeCommand.RunAsync(args),
};
