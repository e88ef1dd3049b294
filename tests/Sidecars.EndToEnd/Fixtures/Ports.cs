using System.Net;
using System.Net.Sockets;
using Sidecars.EndToEnd.Wire;

namespace Sidecars.EndToEnd.Fixtures;

/// <summary>Free ports, and the wait for a port to open or close.</summary>
internal static class Ports
{
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(10);

    /// <summary>Ports that were free a moment ago, all different.</summary>
    public static int[] Free(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        Array.ForEach(listeners, l => l.Start());
        int[] ports = [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        Array.ForEach(listeners, l => l.Stop());
        return ports;
    }

    public static int Free() => Free(1)[0];

    public static async Task<bool> IsOpenAsync(int port, CancellationToken cancel)
    {
        try
        {
            await using HttpConnection connection = await HttpConnection.OpenAsync(port, cancel);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Tries to connect until it succeeds (or, with <paramref name="open"/> false, fails) or <paramref name="stop"/> says stop.</summary>
    public static async Task<bool> UntilAsync(int port, bool open, Func<bool> stop, CancellationToken cancel)
    {
        using PeriodicTimer timer = new(_interval);
        while (await IsOpenAsync(port, cancel) != open)
        {
            if (stop())
            {
                return false;
            }

            await timer.WaitForNextTickAsync(cancel);
        }

        return true;
    }
}
