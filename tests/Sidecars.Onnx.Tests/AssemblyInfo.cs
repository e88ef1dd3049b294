// Runs of different tests at once show that models do not disturb each other; two cores are enough for that.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
