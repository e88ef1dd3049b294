using System.Buffers;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Sidecars.Telemetry;

/// <summary>The line that says what was asked for and what was answered, in the shape of uvicorn's access log.</summary>
internal static class AccessLine
{
    private const int MaxAddressLength = 65;

    /// <summary>Writes the line without its timestamp and end.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="client">The caller; null if unknown.</param>
    /// <param name="port">The caller's port.</param>
    /// <param name="processId">This process.</param>
    /// <param name="method">The method.</param>
    /// <param name="path">The path, decoded; it is shown percent-encoded, the colon too.</param>
    /// <param name="query">The query with its question mark, or nothing; it is shown as it came.</param>
    /// <param name="protocol">The protocol, such as HTTP/1.1.</param>
    /// <param name="status">The status answered.</param>
    public static void Write(
        IBufferWriter<byte> output,
        IPAddress? client,
        int port,
        int processId,
        string method,
        string path,
        string query,
        string protocol,
        int status)
    {
        output.Write("uvicorn.access INFO:     "u8);
        if (client is not null)
        {
            _ = client.TryFormat(output.GetSpan(MaxAddressLength), out int length);
            output.Advance(length);
            output.Write(":"u8);
            LogText.Number(output, port);
        }

        output.Write(" "u8);
        LogText.Number(output, processId);
        output.Write(" - \""u8);
        _ = Encoding.UTF8.GetBytes(method, output);
        output.Write(" "u8);
        LogText.PercentEncoded(output, path);
        _ = Encoding.UTF8.GetBytes(query, output);
        output.Write(" "u8);
        _ = Encoding.UTF8.GetBytes(protocol, output);
        output.Write("\" "u8);
        LogText.Number(output, status);
        if (ReasonPhrases.GetReasonPhrase(status) is { Length: > 0 } phrase)
        {
            output.Write(" "u8);
            _ = Encoding.UTF8.GetBytes(phrase, output);
        }
    }
}
