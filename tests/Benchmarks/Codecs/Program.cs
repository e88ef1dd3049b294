// dotnet run -c Release --project tests/Benchmarks/Codecs -- --filter '*'
using BenchmarkDotNet.Running;

BenchmarkSwitcher.FromAssembly(typeof(Sidecars.Benchmarks.V1Rows).Assembly).Run(args);
