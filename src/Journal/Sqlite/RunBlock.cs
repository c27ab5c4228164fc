using System.Buffers.Binary;
using System.Numerics;

namespace ChainCrm.Journal.Sqlite;

/// <summary>
/// A block of a run as it is stored: checksum (4 bytes), count (2), bytes of a version (1), bytes of a position (1), then all hashes (8 bytes each), all
/// versions, all positions, and 8 bytes of nothing, so that a number of any width can be read as eight bytes. Little-endian. Not thread-safe.
/// </summary>
internal sealed class RunBlock
{
    /// <summary>Entries of a full block, about: what it costs to delete one is counted in entries.</summary>
    public const int EntriesUsual = 320;

    private const int HeaderBytes = 8;
    private const int PaddingBytes = 8;
    private readonly byte[] bytes = new byte[JournalLimits.IndexBlockBytes];
    private int versionBytes, positionBytes;

    /// <summary>Entries in here.</summary>
    public int Count { get; private set; }

    public RunEntry this[int index] => new(
        HashAt(index), Number(VersionsAt + index * versionBytes, versionBytes), Number(PositionsAt + index * positionBytes, positionBytes));

    private int VersionsAt => HeaderBytes + Count * sizeof(long);

    private int PositionsAt => VersionsAt + Count * versionBytes;

    /// <summary>Bytes of a block of so many entries whose versions and positions have these bits between them.</summary>
    public static int BytesOf(int count, long versionBits, long positionBits) =>
        HeaderBytes + count * (sizeof(long) + Width(versionBits) + Width(positionBits)) + PaddingBytes;

    /// <summary>Writes the entries as a block.</summary>
    /// <returns>Its length.</returns>
    public static int Pack(ReadOnlySpan<RunEntry> entries, long versionBits, long positionBits, Span<byte> into)
    {
        var (version, position) = (Width(versionBits), Width(positionBits));
        var length = BytesOf(entries.Length, versionBits, positionBits);
        into[..length].Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(into[4..], (ushort)entries.Length);
        (into[6], into[7]) = ((byte)version, (byte)position);

        // Each number is written as eight bytes; the next one covers what it has too many.
        var at = HeaderBytes;
        foreach (ref readonly var entry in entries) Put(into, ref at, entry.Hash, sizeof(long));
        foreach (ref readonly var entry in entries) Put(into, ref at, entry.Version, version);
        foreach (ref readonly var entry in entries) Put(into, ref at, entry.Position, position);
        BinaryPrimitives.WriteUInt32LittleEndian(into, Checksum(into[..length]));
        return length;
    }

    /// <summary>Takes in a stored block.</summary>
    /// <exception cref="SqliteFault">It is not what was written.</exception>
    public void Load(ReadOnlySpan<byte> stored, long id)
    {
        if (stored.Length is < HeaderBytes + PaddingBytes or > JournalLimits.IndexBlockBytes
            || BinaryPrimitives.ReadUInt32LittleEndian(stored) != Checksum(stored))
            throw new SqliteFault(SQLitePCL.raw.SQLITE_CORRUPT, $"block {id} of the index is missing or not as it was written");
        stored.CopyTo(bytes);
        Count = BinaryPrimitives.ReadUInt16LittleEndian(stored[4..]);
        (versionBytes, positionBytes) = (stored[6], stored[7]);
    }

    /// <summary>The first entry that is not before this hash and version; <see cref="Count"/> when all are.</summary>
    public int LowerBound(long hash, long version)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            var found = HashAt(middle);
            if (found < hash || (found == hash && Number(VersionsAt + middle * versionBytes, versionBytes) < version)) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private long HashAt(int index) => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(HeaderBytes + index * sizeof(long)));

    private long Number(int at, int width) =>
        width == 0 ? 0 : BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at)) & unchecked((long)(ulong.MaxValue >> (64 - width * 8)));

    private static int Width(long bits) => unchecked((71 - BitOperations.LeadingZeroCount((ulong)bits)) >> 3);

    private static void Put(Span<byte> into, ref int at, long value, int width)
    {
        if (width == 0) return;
        BinaryPrimitives.WriteInt64LittleEndian(into[at..], value);
        at += width;
    }

    /// <summary>CRC-32C of everything behind it: SQLite has none of its own, and noise in a block must not pass for "no such command".</summary>
    private static uint Checksum(ReadOnlySpan<byte> block)
    {
        var crc = BitOperations.Crc32C(uint.MaxValue, BinaryPrimitives.ReadUInt32LittleEndian(block[4..]));
        block = block[HeaderBytes..];
        while (block.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(block));
            block = block[sizeof(ulong)..];
        }

        foreach (var rest in block) crc = BitOperations.Crc32C(crc, rest);
        return crc;
    }
}
