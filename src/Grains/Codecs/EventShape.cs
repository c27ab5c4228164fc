using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ChainCrm.Grains.Codecs;

/// <summary>How one event is stored.</summary>
internal abstract class EventShape(string name, Type type)
{
    private readonly byte[] _opening = Encoding.UTF8.GetBytes($"{{\"t\":\"{name}\",\"d\":");

    public string Name { get; } = name;
    public Type Type { get; } = type;

    /// <summary>The JSON in front of the event's data: its name, which needs no escaping.</summary>
    public ReadOnlySpan<byte> Opening => _opening;

    /// <summary>Writes an event's data.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="json">Lent to those who do not write by hand.</param>
    /// <param name="happened">The event.</param>
    public abstract void Write(ref JsonOutput output, Utf8JsonWriter json, object happened);

    /// <summary>Reads an event's data, whose first token is the reader's.</summary>
    public abstract object? Read(ref Utf8JsonReader reader);
}

/// <summary>Writes one event by hand.</summary>
internal delegate void WriteByHand<in TEvent>(ref JsonOutput output, TEvent happened);

/// <summary>Reads one event by hand.</summary>
internal delegate TEvent ReadByHand<out TEvent>(ref Utf8JsonReader reader);

/// <summary>An event that its generated serializer writes and reads.</summary>
internal sealed class GeneratedEventShape<TEvent>(string name, JsonTypeInfo<TEvent> generated) : EventShape(name, typeof(TEvent))
    where TEvent : class
{
    public override void Write(ref JsonOutput output, Utf8JsonWriter json, object happened)
    {
        output.Flush();
        json.Reset(output.Buffer);
        JsonSerializer.Serialize(json, (TEvent)happened, generated);
        json.Flush();
    }

    public override object? Read(ref Utf8JsonReader reader) => JsonSerializer.Deserialize(ref reader, generated);
}

/// <summary>An event of the hot path, in a form of its own.</summary>
internal sealed class HandEventShape<TEvent>(string name, WriteByHand<TEvent> write, ReadByHand<TEvent> read) : EventShape(name, typeof(TEvent))
    where TEvent : class
{
    public override void Write(ref JsonOutput output, Utf8JsonWriter json, object happened) => write(ref output, (TEvent)happened);

    public override object? Read(ref Utf8JsonReader reader) => read(ref reader);
}
