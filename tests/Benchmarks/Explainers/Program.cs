using Explainers.Benchmarks;

// Each command measures one thing and writes lines that a person can read, or files that the kit's own judges can.
Dictionary<string, Func<string[], Task<int>>> commands = new(StringComparer.Ordinal)
{
    ["anchors"] = AnchorsCommand.RunAsync,
    ["estimators"] = EstimatorsCommand.RunAsync,
    ["kernelshap"] = KernelShapCommand.RunAsync,
    ["predict"] = PredictCommand.RunAsync,
    ["batching"] = BatchingCommand.RunAsync,
    ["composed"] = ComposedCommand.RunAsync,
    ["device"] = DeviceCommand.RunAsync,
    ["scorers"] = ScorersCommand.RunAsync,
    ["treeshap"] = TreeShapCommand.RunAsync,
};
if (args is [{ } name, ..] && commands.TryGetValue(name, out var command))
{
    return await command(args[1..]);
}

Console.Error.WriteLine($"usage: Explainers COMMAND …; commands: {string.Join(", ", commands.Keys)}");
return 2;
