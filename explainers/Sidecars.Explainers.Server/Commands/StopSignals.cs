using System.Runtime.InteropServices;

namespace Sidecars.Explainers.Server.Commands;

/// <summary>Turns the first signal to stop into a cancellation; a second one ends the process at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _signal;

    public StopSignals() => _registrations =
    [
        .. new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT }.Select(signal => PosixSignalRegistration.Create(signal, Stop)),
    ];

    /// <summary>Fires with the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>What shells expect of a process that a signal ended: 128 and its number.</summary>
    public int ExitCode => 128 + _signal;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _stop.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        int number = context.Signal switch
        {
            PosixSignal.SIGINT => 2,
            PosixSignal.SIGQUIT => 3,
            _ => 15,
        };
        if (Interlocked.CompareExchange(ref _signal, number, 0) == 0)
        {
            context.Cancel = true;
            _stop.Cancel();
        }
    }
}
