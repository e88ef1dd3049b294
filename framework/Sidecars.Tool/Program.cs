using Sidecars.Tool;

return await SidecarsTool.RunAsync(args, new ToolConsole(Console.In, Console.Out, Console.Error));
