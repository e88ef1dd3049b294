using System.Buffers.Text;
using System.Text.Json;

namespace Sidecars.Explainers.Server.Explain;

/// <summary>
/// Where results go: a file of one JSON object a line, each beginning with its row's number. What stands in it already is
/// not done again; a last line that a crash tore is taken off. Nobody else may write to it meanwhile.
/// </summary>
internal sealed class ResultFile : IDisposable
{
    private readonly Stream _stream;

    private ResultFile(Stream stream, HashSet<long> done)
    {
        _stream = stream;
        Done = done;
    }

    /// <summary>How every line begins.</summary>
    public static ReadOnlySpan<byte> LineStart => "{\"row\":"u8;

    /// <summary>The rows whose results were there already.</summary>
    public IReadOnlySet<long> Done { get; }

    /// <summary>Results for standard output, of which nothing is there already.</summary>
    public static ResultFile Standard() => new(Console.OpenStandardOutput(), []);

    /// <summary>Opens a file, new or begun.</summary>
    /// <exception cref="IOException">It cannot be written, another process writes it, or it holds other things than results.</exception>
    public static ResultFile Open(string path)
    {
        // No buffer of its own: a line that was written is with the operating system, and survives this process.
        var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        try
        {
            (HashSet<long> done, long end) = ReadDone(stream, path);
            stream.SetLength(end);
            stream.Position = end;
            return new ResultFile(stream, done);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Writes one line at once; it has its line break.</summary>
    public void Write(ReadOnlySpan<byte> line) => _stream.Write(line);

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static (HashSet<long> Done, long End) ReadDone(FileStream stream, string path)
    {
        HashSet<long> done = [];
        long end = 0;
        int number = 0;
        foreach (ReadOnlyMemory<byte> line in Lines(stream))
        {
            number++;
            bool last = end + line.Length == stream.Length;
            if (Row(line.Span) is { } row && (!last || IsWhole(line)))
            {
                done.Add(row);
                end += line.Length;
            }
            else if (!last || (number == 1 && !BeginsLikeOurs(line.Span)))
            {
                // Only a last line can be torn, and a file that does not even begin like ours stays as it is.
                throw new IOException($"line {number} of {path} is no result of this command; give another --output, or move the file away");
            }
        }

        return (done, end);
    }

    private static bool BeginsLikeOurs(ReadOnlySpan<byte> line) =>
        LineStart.StartsWith(line[..Math.Min(line.Length, LineStart.Length)]);

    private static long? Row(ReadOnlySpan<byte> line) =>
        line.StartsWith(LineStart) && line[^1] == '\n'
        && Utf8Parser.TryParse(line[LineStart.Length..], out long row, out int length) && line[LineStart.Length + length] == ','
            ? row
            : null;

    private static bool IsWhole(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var parsed = JsonDocument.Parse(line);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The lines with their line breaks; the last one may have none.</summary>
    private static IEnumerable<ReadOnlyMemory<byte>> Lines(FileStream stream)
    {
        byte[] buffer = new byte[1 << 16];
        int filled = 0;
        int read;
        while ((read = stream.Read(buffer, filled, buffer.Length - filled)) > 0)
        {
            filled += read;
            int start = 0;
            int length;
            while ((length = buffer.AsSpan(start, filled - start).IndexOf((byte)'\n')) >= 0)
            {
                yield return buffer.AsMemory(start, length + 1);
                start += length + 1;
            }

            buffer.AsSpan(start, filled - start).CopyTo(buffer);
            filled -= start;
            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }
        }

        if (filled > 0)
        {
            yield return buffer.AsMemory(0, filled);
        }
    }
}
