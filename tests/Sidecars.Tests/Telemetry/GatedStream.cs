using System.Text;

namespace Sidecars.Tests.Telemetry;

/// <summary>A stream whose reader does not keep up: writes wait until the gate is opened.</summary>
internal sealed class GatedStream : MemoryStream
{
    private readonly ManualResetEventSlim _gate = new(initialState: false);
    private readonly ManualResetEventSlim _entered = new(initialState: false);

    public string Text => Encoding.UTF8.GetString(ToArray());

    public void Open() => _gate.Set();

    /// <summary>Returns once a write is waiting at the gate.</summary>
    public void WaitForWriter() => _entered.Wait();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _entered.Set();
        _gate.Wait();
        base.Write(buffer);
    }
}
