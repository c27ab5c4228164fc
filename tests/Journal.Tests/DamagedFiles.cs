using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ChainCrm.Journal.Tests;

/// <summary>Does to files what failing disks, other programmes and newer versions do.</summary>
internal static class DamagedFiles
{
    public static void Damage(string path, string fault)
    {
        var length = new FileInfo(path).Length;
        switch (fault)
        {
            case "garbage":
                Overwrite(path, 0, (int)length);
                break;
            case "half":
                SetLength(path, length / 2 - 100);
                break;
            case "header only":
                SetLength(path, 60);
                break;
            case "empty":
                SetLength(path, 0);
                break;
            case "newer":
                WriteInt32(path, 60, 99);
                break;
            case "older":
                WriteInt32(path, 60, 0);
                break;
            case "foreign":
                WriteInt32(path, 68, 0x0F055112);
                break;
            case "page size":
                Overwrite(path, 16, 2);
                break;
            case "schema":
                Overwrite(path, 100, 8_192 - 100);
                break;
            case "root page":
                Overwrite(path, 8_192, 8_192);
                break;
            case "text":
                File.WriteAllText(path, "store,receipt,amount\n" + new string('7', 5_000));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(fault), fault, "No such fault.");
        }
    }

    /// <summary>Noise, the same every time.</summary>
    public static void Overwrite(string path, long offset, int length)
    {
        var noise = new byte[length];
        new Random(4711).NextBytes(noise);
        using var file = Open(path);
        file.Position = offset;
        file.Write(noise);
    }

    public static void SetLength(string path, long length)
    {
        using var file = Open(path);
        file.SetLength(length);
    }

    public static string Fingerprint(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return Convert.ToHexString(SHA256.HashData(file));
    }

    private static void WriteInt32(string path, long offset, int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        using var file = Open(path);
        file.Position = offset;
        file.Write(bytes);
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
}
