using System.Buffers.Text;
using System.Text.Json;
using ChainCrm.Journal;

namespace ChainCrm.Grains.Codecs;

/// <summary>
/// Reads entry payloads. Unknown optional members are skipped, so that an older program reads what a newer one wrote; an unknown event,
/// a newer envelope or broken JSON can't be passed over silently and raises <see cref="UnreadableEntryException"/>.
/// </summary>
public static class EntryCodec
{
    /// <summary>The envelope's format number.</summary>
    public const int Format = 1;

    /// <summary>Hexadecimal digits of a fingerprint.</summary>
    internal const int FingerprintLength = 16;

    /// <summary>Decodes one entry.</summary>
    /// <exception cref="UnreadableEntryException">The payload can't be understood.</exception>
    public static CommittedEntry Decode(JournalEntry entry)
    {
        try
        {
            var reader = new Utf8JsonReader(entry.Data.Span);
            var envelope = ReadEnvelope(ref reader);
            // What stands behind the end raises what broken JSON raises.
            reader.Read();
            return new CommittedEntry(
                entry.Position, GrainId.FromStream(entry.Stream), entry.Version, entry.CommandId, entry.TimeMs,
                envelope.Programme, envelope.Fingerprint, envelope.WakeUp, envelope.Events);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            // The inner exception may quote a path, never a value, of the payload.
            throw new UnreadableEntryException($"The journal entry at position {entry.Position} can't be read: {failure.GetType().Name}.", failure);
        }
    }

    private static Envelope ReadEnvelope(ref Utf8JsonReader reader)
    {
        var envelope = new Envelope();
        Step(ref reader, JsonTokenType.StartObject);
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("f"u8))
            {
                Next(ref reader);
                envelope.Format = reader.GetInt32();
            }
            else if (reader.ValueTextEquals("p"u8))
            {
                Next(ref reader);
                envelope.Programme = reader.GetInt32();
            }
            else if (reader.ValueTextEquals("h"u8))
            {
                Next(ref reader);
                envelope.Fingerprint = ReadFingerprint(ref reader);
            }
            else if (reader.ValueTextEquals("w"u8))
            {
                Next(ref reader);
                var at = reader.GetInt64();
                envelope.WakeUp = new WakeUp(true, at == 0 ? null : at);
            }
            else if (reader.ValueTextEquals("e"u8))
            {
                envelope.Events = ReadEvents(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
        if (envelope.Format != Format)
            throw new JsonException($"Envelope format {envelope.Format} is not known.");
        if (envelope.Events.Count == 0)
            throw new JsonException("The entry has no events.");
        return envelope;
    }

    private static ulong ReadFingerprint(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String && Utf8Parser.TryParse(reader.ValueSpan, out ulong value, out var used, 'x')
            && used == reader.ValueSpan.Length)
            return value;
        throw new JsonException("The fingerprint is not hexadecimal.");
    }

    private static List<object> ReadEvents(ref Utf8JsonReader reader)
    {
        var events = new List<object>(1);
        Step(ref reader, JsonTokenType.StartArray);
        while (Next(ref reader) != JsonTokenType.EndArray)
        {
            // Not the end of the list: what follows would be lost without a word.
            JsonInput.Expect(ref reader, JsonTokenType.StartObject);
            events.Add(ReadEvent(ref reader));
        }
        return events;
    }

    private static object ReadEvent(ref Utf8JsonReader reader)
    {
        EventShape? shape = null;
        object? happened = null;
        // Our writer puts the name first. Should another tool have changed the order, the data is read again from where it stood.
        var data = default(Utf8JsonReader);
        var dataWaits = false;
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("t"u8))
            {
                Next(ref reader);
                shape = ReadShape(ref reader);
            }
            else if (reader.ValueTextEquals("d"u8))
            {
                Next(ref reader);
                if (shape is not null)
                {
                    happened = shape.Read(ref reader);
                }
                else
                {
                    data = reader;
                    dataWaits = true;
                    reader.Skip();
                }
            }
            else
            {
                reader.Skip();
            }
        }
        if (dataWaits && shape is not null)
            happened = shape.Read(ref data);
        return happened ?? throw new JsonException("An event has no name or no data.");
    }

    private static EventShape ReadShape(ref Utf8JsonReader reader)
    {
        Span<char> name = stackalloc char[GrainLimits.EventNameLengthMax];
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length > name.Length)
            throw new JsonException("An event's name is not a short string.");
        return EventCatalog.Find(name[..reader.CopyString(name)]) ?? throw new JsonException("An event's name is not known.");
    }

    private static JsonTokenType Next(ref Utf8JsonReader reader) =>
        reader.Read() ? reader.TokenType : throw new JsonException("The payload ends too early.");

    private static void Step(ref Utf8JsonReader reader, JsonTokenType wanted)
    {
        if (Next(ref reader) != wanted)
            throw new JsonException($"{wanted} was expected.");
    }

    private struct Envelope()
    {
        public int Format;
        public int Programme;
        public ulong Fingerprint;
        public WakeUp WakeUp;
        public IReadOnlyList<object> Events = [];
    }
}
