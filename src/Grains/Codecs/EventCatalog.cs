using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ChainCrm.Domain.AccessKeys;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Identities;
using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Stores;

namespace ChainCrm.Grains.Codecs;

/// <summary>Names of the events in the journal. Part of the storage format: a name is never reused, a changed meaning gets a new number.</summary>
public static class EventCatalog
{
    private static readonly EventShape[] Shapes =
    [
        Shape<CustomerEnrolled>("customer.enrolled.1"),
        Shape<ProfileChanged>("customer.profile-changed.1"),
        Shape<PurchaseRecorded>("customer.purchase-recorded.1", PurchaseRecordedWriter.Write),
        Shape<LinesReturned>("customer.lines-returned.1"),
        Shape<PointsRedeemed>("customer.points-redeemed.1"),
        Shape<PointsAdjusted>("customer.points-adjusted.1"),
        Shape<PointsExpired>("customer.points-expired.1"),
        Shape<TierChanged>("customer.tier-changed.1"),
        Shape<LotsMerged>("customer.lots-merged.1"),
        Shape<StoreOpened>("store.opened.1"),
        Shape<StoreChanged>("store.changed.1"),
        Shape<StoreClosed>("store.closed.1"),
        Shape<StoreReopened>("store.reopened.1"),
        Shape<WalkInRecorded>("store.walk-in-recorded.1"),
        Shape<IdentityReserved>("identity.reserved.1"),
        Shape<IdentityConfirmed>("identity.confirmed.1"),
        Shape<IdentityReleased>("identity.released.1"),
        Shape<ProgrammePublished>("programme.published.1"),
        Shape<KeyIssued>("access-key.issued.1"),
        Shape<KeyRevoked>("access-key.revoked.1"),
    ];

    private static readonly FrozenDictionary<Type, EventShape> ByType = Shapes.ToFrozenDictionary(s => s.Type);

    private static readonly FrozenDictionary<string, EventShape>.AlternateLookup<ReadOnlySpan<char>> ByName =
        Shapes.ToFrozenDictionary(s => s.Name, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Every event name with the type it stands for, in the order of this file.</summary>
    public static IEnumerable<(string Name, Type Type)> All => Shapes.Select(s => (s.Name, s.Type));

    /// <summary>The name an event is stored under.</summary>
    public static string NameOf(object happened) => ByType[happened.GetType()].Name;

    internal static EventShape ShapeOf(object happened) => ByType[happened.GetType()];

    internal static EventShape? Find(ReadOnlySpan<char> name) => ByName.TryGetValue(name, out var shape) ? shape : null;

    private static EventShape Shape<TEvent>(string name, Action<Utf8JsonWriter, TEvent>? writeByHand = null)
        where TEvent : class =>
        new EventShape<TEvent>(name, (JsonTypeInfo<TEvent>)EventJsonSettings.Shared.GetTypeInfo(typeof(TEvent)), writeByHand);
}

/// <summary>How one event is stored.</summary>
internal abstract class EventShape(string name, Type type)
{
    public string Name { get; } = name;
    public JsonEncodedText EncodedName { get; } = JsonEncodedText.Encode(name);
    public Type Type { get; } = type;
    public abstract void Write(Utf8JsonWriter writer, object happened);
    public abstract object? Read(ref Utf8JsonReader reader);
}

/// <summary>How one event of a known type is stored.</summary>
/// <param name="name">Its name in the journal.</param>
/// <param name="json">The generated serializer: reads every event, and writes those that nobody writes by hand.</param>
/// <param name="writeByHand">Writes the same bytes as <paramref name="json"/> at less cost; for the events of the hot path.</param>
internal sealed class EventShape<TEvent>(string name, JsonTypeInfo<TEvent> json, Action<Utf8JsonWriter, TEvent>? writeByHand)
    : EventShape(name, typeof(TEvent))
    where TEvent : class
{
    public override void Write(Utf8JsonWriter writer, object happened)
    {
        if (writeByHand is not null)
            writeByHand(writer, (TEvent)happened);
        else
            JsonSerializer.Serialize(writer, (TEvent)happened, json);
    }

    public override object? Read(ref Utf8JsonReader reader) => JsonSerializer.Deserialize(ref reader, json);
}
