using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace ChainCrm.Silo.Backup;

/// <summary>What a record of a backup is. The numbers are the format.</summary>
internal enum BackupRecord : byte
{
    Manifest = 1,
    Entry = 2,
    Secret = 3,
    CustomerKey = 4,
    End = 5,
}

/// <summary>Writes records into memory: kind, length, fields. Numbers are little-endian; texts and bytes have their length before them.</summary>
internal sealed class RecordWriter
{
    /// <summary>Bytes before a record's fields: kind and length.</summary>
    public const int HeadBytes = 1 + 4;

    private readonly ArrayBufferWriter<byte> _bytes = new(64 * 1024);
    private readonly ArrayBufferWriter<byte> _fields = new(4 * 1024);

    /// <summary>The records since the last <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.WrittenMemory;

    public void Clear() => _bytes.ResetWrittenCount();

    public RecordWriter Number(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_fields.GetSpan(8), value);
        _fields.Advance(8);
        return this;
    }

    public RecordWriter Text(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        Length(length);
        Encoding.UTF8.GetBytes(value, _fields.GetSpan(length));
        _fields.Advance(length);
        return this;
    }

    public RecordWriter Bytes(ReadOnlySpan<byte> value)
    {
        Length(value.Length);
        _fields.Write(value);
        return this;
    }

    /// <summary>Ends the record whose fields were given since the last one.</summary>
    /// <exception cref="InvalidOperationException">The record is larger than any may be.</exception>
    public void End(BackupRecord kind)
    {
        if (_fields.WrittenCount > BackupLimits.RecordBytesMax) throw new InvalidOperationException($"A record of {_fields.WrittenCount} bytes does not fit a backup.");
        var head = _bytes.GetSpan(HeadBytes);
        head[0] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(head[1..], _fields.WrittenCount);
        _bytes.Advance(HeadBytes);
        _bytes.Write(_fields.WrittenSpan);
        _fields.ResetWrittenCount();
    }

    private void Length(int length)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_fields.GetSpan(4), length);
        _fields.Advance(4);
    }
}

/// <summary>Reads the fields of one record, which must be there exactly.</summary>
/// <exception cref="InvalidDataException">From each member: the record has other fields.</exception>
internal ref struct RecordFields(ReadOnlySpan<byte> fields)
{
    private ReadOnlySpan<byte> _rest = fields;

    public long Number() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public string Text() => Encoding.UTF8.GetString(Bytes());

    public ReadOnlySpan<byte> Bytes() => Take(BinaryPrimitives.ReadInt32LittleEndian(Take(4)));

    public readonly void End()
    {
        if (!_rest.IsEmpty) throw new InvalidDataException("A record has more fields than it should.");
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length < 0 || length > _rest.Length) throw new InvalidDataException("A record has fewer fields than it should.");
        var part = _rest[..length];
        _rest = _rest[length..];
        return part;
    }
}
