namespace Sidecars.Protocol;

/// <summary>Writes JSON text with a space after every comma and colon, as Python's json module does.</summary>
internal static class JsonSpacing
{
    public static void Write(PooledBuffer to, ReadOnlySpan<byte> json)
    {
        bool inString = false;
        for (int i = 0; i < json.Length; i++)
        {
            byte c = json[i];
            if (inString)
            {
                to.Write(c);
                if (c == (byte)'\\' && i + 1 < json.Length)
                {
                    to.Write(json[++i]);
                }
                else if (c == (byte)'"')
                {
                    inString = false;
                }

                continue;
            }

            switch (c)
            {
                case (byte)'"':
                    inString = true;
                    to.Write(c);
                    break;
                case (byte)',' or (byte)':':
                    to.Write(c);
                    to.Write((byte)' ');
                    break;
                case (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t':
                    break;
                default:
                    to.Write(c);
                    break;
            }
        }
    }
}
