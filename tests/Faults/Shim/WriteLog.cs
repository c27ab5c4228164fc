using System.Buffers.Binary;
using System.Text;

namespace ChainCrm.Faults.Shim;

/// <summary>What happened to a file: struct record of faults.c.</summary>
internal enum Happening { Write = 1, Flushed = 2, Dropped = 3, Renamed = 4 }

/// <summary>One of the records that faults.c keeps.</summary>
internal sealed record WriteRecord(Happening Kind, ulong Sequence, long At, long SizeBefore, string Path, byte[] New, byte[] Old);

/// <summary>Reads the log of a process that was killed: the last record may be torn, and then its write did not happen.</summary>
internal static class WriteLog
{
    private const uint Magic = 0x46415554;
    private const int HeaderBytes = 48;

    public static List<WriteRecord> Read(string path)
    {
        var records = new List<WriteRecord>();
        if (!File.Exists(path)) return records;
        var bytes = File.ReadAllBytes(path);
        var at = 0;
        while (at + HeaderBytes <= bytes.Length)
        {
            var header = bytes.AsSpan(at, HeaderBytes);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) != Magic) throw new InvalidDataException($"{path} has no record at {at}.");
            var (name, replacing, replaced) = (Length(header[32..]), Length(header[36..]), Length(header[40..]));
            if (at + HeaderBytes + (long)name + replacing + replaced > bytes.Length) break;
            var body = at + HeaderBytes;
            records.Add(new WriteRecord((Happening)BinaryPrimitives.ReadUInt32LittleEndian(header[4..]), BinaryPrimitives.ReadUInt64LittleEndian(header[8..]),
                BinaryPrimitives.ReadInt64LittleEndian(header[16..]), BinaryPrimitives.ReadInt64LittleEndian(header[24..]), Encoding.UTF8.GetString(bytes, body, name),
                bytes[(body + name)..(body + name + replacing)], bytes[(body + name + replacing)..(body + name + replacing + replaced)]));
            at = body + name + replacing + replaced;
        }

        return records;
    }

    private static int Length(ReadOnlySpan<byte> field) => (int)BinaryPrimitives.ReadUInt32LittleEndian(field);
}
