using Microsoft.Extensions.Time.Testing;

namespace Sidecars.Tests.OpenAi;

internal static class FakeTime
{
    /// <summary>Lets time pass until something happens: when its timer starts cannot be seen from outside.</summary>
    public static async Task AdvanceUntilAsync(this FakeTimeProvider time, Task happens, TimeSpan step)
    {
        using var guard = new CancellationTokenSource(OpenAiServer.Most);
        while (!happens.IsCompleted)
        {
            guard.Token.ThrowIfCancellationRequested();
            time.Advance(step);
            await Task.Yield();
        }
    }
}
