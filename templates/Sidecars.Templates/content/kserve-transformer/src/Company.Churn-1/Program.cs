#if (explain)
return await SidecarApplication.RunAsync<ChurnModel>(args, sidecar => sidecar.UsePredictor(_ => new ChurnPredictor()).ExplainWith(o => o.PreprocessFirst = false));
#else
return await SidecarApplication.RunAsync<ChurnModel>(args, sidecar => sidecar.UsePredictor(_ => new ChurnPredictor()));
#endif
