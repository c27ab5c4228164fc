using System.Buffers;
using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ChainCrm.Grains.Codecs;

/// <summary>
/// Writes entry payloads one after another into one reused buffer: the format is in docs/formats/journal-entry.md. Not thread-safe: one
/// per batch.
/// </summary>
public sealed class EntryWriter : IDisposable
{
    private static readonly JsonEncodedText FormatName = JsonEncodedText.Encode("f");
    private static readonly JsonEncodedText ProgrammeName = JsonEncodedText.Encode("p");
    private static readonly JsonEncodedText FingerprintName = JsonEncodedText.Encode("h");
    private static readonly JsonEncodedText WakeUpName = JsonEncodedText.Encode("w");
    private static readonly JsonEncodedText EventsName = JsonEncodedText.Encode("e");
    private static readonly JsonEncodedText TypeName = JsonEncodedText.Encode("t");
    private static readonly JsonEncodedText DataName = JsonEncodedText.Encode("d");

    private readonly ArrayBufferWriter<byte> _buffer = new(GrainLimits.EntryBufferStartBytes);
    private readonly Utf8JsonWriter _json;

    public EntryWriter() => _json = new Utf8JsonWriter(_buffer, Options);

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
        _json.Reset(_buffer);
        _json.WriteStartObject();
        _json.WriteNumber(FormatName, EntryCodec.Format);
        _json.WriteNumber(ProgrammeName, programmeVersion);
        if (fingerprint != 0)
        {
            Span<byte> hex = stackalloc byte[EntryCodec.FingerprintLength];
            Utf8Formatter.TryFormat(fingerprint, hex, out _, new StandardFormat('x', EntryCodec.FingerprintLength));
            _json.WriteString(FingerprintName, hex);
        }
        if (wakeUp.Changed)
            _json.WriteNumber(WakeUpName, wakeUp.AtMs ?? 0);
        _json.WriteStartArray(EventsName);
        for (var i = 0; i < events.Count; i++)
        {
            var shape = EventCatalog.ShapeOf(events[i]);
            _json.WriteStartObject();
            _json.WriteString(TypeName, shape.EncodedName);
            _json.WritePropertyName(DataName);
            shape.Write(_json, events[i]);
            _json.WriteEndObject();
        }
        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.Flush();
        return _buffer.WrittenCount - start;
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();
}
