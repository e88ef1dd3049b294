internal static class Rollout
{
    public static async Task RunAsync(IProgress<ReadinessProgress> progress)
    {
        // the block
    }
}
