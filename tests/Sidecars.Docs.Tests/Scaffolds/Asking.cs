using Sidecars;
using Sidecars.Testing;

internal static class Asking
{
    public static async Task<InferResponse> AskAsync(InferRequest request)
    {
        // the block
        return answer;
    }
}
