using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ChainCrm.Grains.Codecs;

/// <summary>
/// Writes entry payloads one after another into one reused buffer: the format is in docs/formats/journal-entry.md. Not thread-safe: one
/// per batch.
/// </summary>
public sealed class EntryWriter : IDisposable
{
    private readonly ArrayBufferWriter<byte> _buffer;
    private readonly Utf8JsonWriter _json;

    /// <param name="startBytes">Bytes the buffer starts with; it grows.</param>
    public EntryWriter(int startBytes = GrainLimits.EntryBufferStartBytes)
    {
        _buffer = new ArrayBufferWriter<byte>(startBytes);
        _json = new Utf8JsonWriter(_buffer, Options);
    }

    internal static JsonWriterOptions Options { get; } = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        // The shape is ours and pinned by golden files; validation would only cost time here.
        SkipValidation = true,
    };

    /// <summary>Bytes written since <see cref="Clear"/>: where the next payload starts.</summary>
    public int Length => _buffer.WrittenCount;

    /// <summary>A part of what was written. Valid until the next write or <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Slice(int start, int length) => _buffer.WrittenMemory.Slice(start, length);

    /// <summary>Forgets everything written and keeps the memory.</summary>
    public void Clear() => _buffer.ResetWrittenCount();

    /// <summary>Writes one payload.</summary>
    /// <returns>Its length in bytes.</returns>
    public int Write(int programmeVersion, ulong fingerprint, WakeUp wakeUp, IReadOnlyList<object> events)
    {
        var start = _buffer.WrittenCount;
        var output = new JsonOutput(_buffer);
        output.Number("{\"f\":"u8, EntryCodec.Format);
        output.Number(",\"p\":"u8, programmeVersion);
        if (fingerprint != 0)
        {
            output.Raw(",\"h\":"u8);
            output.Hexadecimal(fingerprint, EntryCodec.FingerprintLength);
        }
        if (wakeUp.Changed)
            output.Number(",\"w\":"u8, wakeUp.AtMs ?? 0);
        output.Raw(",\"e\":["u8);
        for (var i = 0; i < events.Count; i++)
        {
            if (i > 0)
                output.Raw(","u8);
            var shape = EventCatalog.ShapeOf(events[i]);
            output.Raw(shape.Opening);
            shape.Write(ref output, _json, events[i]);
            output.Raw("}"u8);
        }
        output.Raw("]}"u8);
        output.Flush();
        return _buffer.WrittenCount - start;
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();
}
