using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ChainCrm.Journal.Moving;

/// <summary>A running SHA-256 over entries in order: of each its position, version and time (8 bytes each, little-endian), and stream, command id and payload as UTF-8 or
/// bytes, each with its length before it (4 bytes). Not thread-safe.</summary>
internal sealed class EntryDigest : IDisposable
{
    private const int Numbers = 3 * sizeof(long);
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] head = new byte[Numbers + 3 * sizeof(int) + 3 * (JournalLimits.StreamLengthMax + JournalLimits.CommandIdLengthMax)];

    public void Add(JournalEntry entry)
    {
        BinaryPrimitives.WriteInt64LittleEndian(head, entry.Position);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(sizeof(long)), entry.Version);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(2 * sizeof(long)), entry.TimeMs);
        var used = Numbers;
        used += Write(entry.Stream, used);
        used += Write(entry.CommandId, used);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(used), entry.Data.Length);
        hash.AppendData(head, 0, used + sizeof(int));
        hash.AppendData(entry.Data.Span);
    }

    /// <summary>The digest of all entries so far; more may follow.</summary>
    public byte[] Current() => hash.GetCurrentHash();

    public void Dispose() => hash.Dispose();

    /// <summary>What two entries differ in, a word; null when they are the same in everything.</summary>
    public static string? Difference(JournalEntry one, JournalEntry other) =>
        one.Position != other.Position ? "position"
        : one.Stream != other.Stream ? "stream"
        : one.Version != other.Version ? "version"
        : one.CommandId != other.CommandId ? "command id"
        : one.TimeMs != other.TimeMs ? "time"
        : one.Data.Span.SequenceEqual(other.Data.Span) ? null
        : "payload";

    private int Write(string text, int at)
    {
        var length = Encoding.UTF8.GetBytes(text, head.AsSpan(at + sizeof(int)));
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(at), length);
        return sizeof(int) + length;
    }
}
