using System.Buffers;

namespace Sidecars.Telemetry;

/// <summary>The buffer a line is put together in, and how every line begins and ends.</summary>
internal static class LogLine
{
    /// <summary>A buffer that one long line made larger than this is not kept.</summary>
    private const int KeptCapacity = 64 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    /// <summary>This thread's buffer, empty. It is good until the next call.</summary>
    public static ArrayBufferWriter<byte> Buffer()
    {
        if (_buffer is null || _buffer.Capacity > KeptCapacity)
        {
            _buffer = new ArrayBufferWriter<byte>(512);
        }

        _buffer.ResetWrittenCount();
        return _buffer;
    }

    /// <summary>Timestamp, process and logger, each followed by a blank.</summary>
    public static void Begin(IBufferWriter<byte> output, TimeProvider time, ReadOnlySpan<byte> logger)
    {
        LogText.Timestamp(output, time.GetLocalNow());
        output.Write(" "u8);
        LogText.Number(output, Environment.ProcessId);
        output.Write(" "u8);
        output.Write(logger);
        output.Write(" "u8);
    }

    public static void End(IBufferWriter<byte> output) => output.Write("\n"u8);
}
