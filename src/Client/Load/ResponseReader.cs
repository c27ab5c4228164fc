using System.Buffers.Text;

namespace ChainCrm.Client.Load;

/// <summary>Finds the end of an HTTP/1.1 response in what has arrived so far; with a length or in chunks.</summary>
internal static class ResponseReader
{
    /// <summary>What is known of a response.</summary>
    /// <param name="Length">Bytes of the whole response; 0 while not all of it is there.</param>
    /// <param name="Status">HTTP status.</param>
    /// <param name="BodyAt">Where its body begins.</param>
    public readonly record struct Response(int Length, int Status, int BodyAt);

    /// <summary>Reads what has arrived.</summary>
    /// <exception cref="IOException">The bytes are no HTTP response.</exception>
    public static Response Read(ReadOnlySpan<byte> received)
    {
        var headEnd = received.IndexOf("\r\n\r\n"u8);
        if (headEnd < 0) return default;
        if (!received.StartsWith("HTTP/1.1 "u8) || !Utf8Parser.TryParse(received[9..], out int status, out _)) throw new IOException("No HTTP response.");

        var head = received[..(headEnd + 2)];
        var bodyAt = headEnd + 4;
        if (Header(head, "\r\nContent-Length: "u8, out var lengthAt))
        {
            if (!Utf8Parser.TryParse(head[lengthAt..], out int length, out _)) throw new IOException("A response without a readable length.");
            return received.Length >= bodyAt + length ? new Response(bodyAt + length, status, bodyAt) : default;
        }

        if (!Header(head, "\r\nTransfer-Encoding: chunked"u8, out _)) return new Response(bodyAt, status, bodyAt);
        var end = EndOfChunks(received, bodyAt);
        return end == 0 ? default : new Response(end, status, bodyAt);
    }

    /// <summary>The number of a refusal in a problem document; 0 when there is none.</summary>
    public static int ProblemCode(ReadOnlySpan<byte> body)
    {
        var at = body.IndexOf("\"code\":"u8);
        return at >= 0 && Utf8Parser.TryParse(body[(at + 7)..].TrimStart((byte)' '), out int code, out _) ? code : 0;
    }

    private static bool Header(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name, out int valueAt)
    {
        var at = head.IndexOf(name);
        valueAt = at + name.Length;
        return at >= 0;
    }

    private static int EndOfChunks(ReadOnlySpan<byte> received, int at)
    {
        while (true)
        {
            var line = received[at..].IndexOf("\r\n"u8);
            if (line < 0) return 0;
            if (!Utf8Parser.TryParse(received.Slice(at, line), out int size, out _, 'x')) throw new IOException("A chunk without a readable length.");
            at += line + 2 + size + 2;
            if (at > received.Length) return 0;
            if (size == 0) return at;
        }
    }
}
