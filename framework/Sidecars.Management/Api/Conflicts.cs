namespace Sidecars.Management.Api;

/// <summary>Repeats a change that somebody else got ahead of.</summary>
internal static class Conflicts
{
    public static async Task<T> RetryAsync<T>(Func<Task<T>> change, int attempts)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await change().ConfigureAwait(false);
            }
            catch (KServeException e) when (e.Error == KServeError.Conflict && attempt < attempts)
            {
                // The next attempt reads the object anew; there is nothing to wait for.
            }
        }
    }
}
