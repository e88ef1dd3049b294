// Servers, ports and scripted predictors are shared within a collection, and the machine's cores with everyone.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
