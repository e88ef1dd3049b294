return await SidecarApplication.RunAsync(args, sidecar => sidecar.AddExplainer());
