using System.Globalization;
using System.Text;

namespace ChainCrm.Client.Load;

/// <summary>A whole HTTP request as bytes, with places of fixed width for the numbers that change from one request to the next.</summary>
internal sealed class RequestTemplate
{
    private readonly byte[] _bytes;
    private readonly Dictionary<string, (int At, int Width)[]> _places = new(StringComparer.Ordinal);

    /// <summary>Builds a request.</summary>
    /// <param name="method">GET, POST ...</param>
    /// <param name="path">Path of the request.</param>
    /// <param name="server">Its host and port go into the Host header.</param>
    /// <param name="accessKey">The bearer token.</param>
    /// <param name="idempotencyKey">Header value, may hold places; null for none.</param>
    /// <param name="body">JSON, may hold places: {name:width} in guillemets, such as «receipt:10».</param>
    public RequestTemplate(string method, string path, Uri server, string accessKey, string? idempotencyKey, string body)
    {
        var key = idempotencyKey is null ? "" : $"Idempotency-Key: {idempotencyKey}\r\n";
        var length = Encoding.UTF8.GetByteCount(Expand(body, []));
        var head = string.Create(CultureInfo.InvariantCulture,
            $"{method} {path} HTTP/1.1\r\nHost: {server.Authority}\r\nAuthorization: Bearer {accessKey}\r\n{key}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n");
        var found = new List<(string Name, int At, int Width)>();
        _bytes = Encoding.UTF8.GetBytes(Expand(head + body, found));
        foreach (var group in found.GroupBy(place => place.Name, StringComparer.Ordinal))
            _places[group.Key] = group.Select(place => (place.At, place.Width)).ToArray();
    }

    /// <summary>Bytes of a request.</summary>
    public int Length => _bytes.Length;

    /// <summary>Positions and width of a name's places, to be filled with <see cref="Fill"/>.</summary>
    public (int At, int Width)[] PlacesOf(string name) => _places[name];

    /// <summary>Copies the request.</summary>
    public void CopyTo(Span<byte> buffer) => _bytes.CopyTo(buffer);

    /// <summary>Writes a number, with leading zeros, into every place of a name.</summary>
    public static void Fill(Span<byte> request, (int At, int Width)[] places, long value)
    {
        foreach (var (at, width) in places)
        {
            var rest = value;
            for (var i = at + width - 1; i >= at; i--)
            {
                request[i] = (byte)('0' + (rest % 10));
                rest /= 10;
            }
        }
    }

    /// <summary>Writes a number as JSON has it: with spaces in front instead of zeros.</summary>
    public static void FillNumber(Span<byte> request, (int At, int Width)[] places, long value)
    {
        Fill(request, places, value);
        foreach (var (at, width) in places)
        {
            for (var i = at; i < at + width - 1 && request[i] == '0'; i++) request[i] = (byte)' ';
        }
    }

    private static string Expand(string text, List<(string Name, int At, int Width)> found)
    {
        var result = new StringBuilder();
        var bytes = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '«')
            {
                result.Append(text[i]);
                bytes += Encoding.UTF8.GetByteCount(text.AsSpan(i, 1));
                continue;
            }

            var end = text.IndexOf('»', i);
            var parts = text[(i + 1)..end].Split(':');
            var width = int.Parse(parts[1], CultureInfo.InvariantCulture);
            found.Add((parts[0], bytes, width));
            result.Append('0', width);
            bytes += width;
            i = end;
        }

        return result.ToString();
    }
}
