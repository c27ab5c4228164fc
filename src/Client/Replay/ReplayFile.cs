using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace ChainCrm.Client.Replay;

/// <summary>A file of purchases: plain CSV, or gzip by its first bytes whatever its name.</summary>
internal static class ReplayFile
{
    /// <summary>Opens the text; UTF-8, and a byte sequence that is none is an error rather than a wrong letter.</summary>
    public static StreamReader OpenText(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        Span<byte> magic = stackalloc byte[2];
        var isGzip = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic is [0x1F, 0x8B];
        file.Position = 0;
        Stream bytes = isGzip ? new GZipStream(file, CompressionMode.Decompress) : file;
        return new StreamReader(bytes, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true, 1 << 16);
    }

    /// <summary>SHA-256 of the file as it lies there.</summary>
    public static async Task<string> HashAsync(string path, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation));
    }

    /// <summary>SHA-256 of a text.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
