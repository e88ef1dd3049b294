using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Sidecars.Explainers.Server.Tests;

/// <summary>Sends signals to processes that a test started.</summary>
internal static partial class Signals
{
    public const int Terminate = 15;

    public static void Send(Process process, int signal) => _ = Kill(process.Id, signal);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
