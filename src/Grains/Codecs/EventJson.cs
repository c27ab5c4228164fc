using System.Collections;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ChainCrm.Domain.AccessKeys;
using ChainCrm.Domain.CouponCodes;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Identities;
using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Stores;

namespace ChainCrm.Grains.Codecs;

/// <summary>The generated serializers of every event. Names are camelCase; optional members at their default are left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    RespectNullableAnnotations = true,
    Converters =
    [
        typeof(MoneyConverter), typeof(PointsConverter), typeof(QuantityConverter), typeof(TimestampConverter), typeof(BusinessDayConverter),
        typeof(SealedConverter), typeof(CustomerIdConverter), typeof(StoreIdConverter), typeof(StaffIdConverter), typeof(TillIdConverter),
        typeof(ProductIdConverter), typeof(TierIdConverter),
    ])]
[JsonSerializable(typeof(CustomerEnrolled))]
[JsonSerializable(typeof(ProfileChanged))]
[JsonSerializable(typeof(PurchaseRecorded))]
[JsonSerializable(typeof(LinesReturned))]
[JsonSerializable(typeof(PointsRedeemed))]
[JsonSerializable(typeof(PointsAdjusted))]
[JsonSerializable(typeof(PointsExpired))]
[JsonSerializable(typeof(PointsExtended))]
[JsonSerializable(typeof(DeliverySent))]
[JsonSerializable(typeof(DeliveryReceived))]
[JsonSerializable(typeof(DeliveryArrived))]
[JsonSerializable(typeof(DeliveryGivenBack))]
[JsonSerializable(typeof(PointsFrozen))]
[JsonSerializable(typeof(PointsReleased))]
[JsonSerializable(typeof(TierChanged))]
[JsonSerializable(typeof(TierProlonged))]
[JsonSerializable(typeof(TierForecast))]
[JsonSerializable(typeof(LotsMerged))]
[JsonSerializable(typeof(StoredValueToppedUp))]
[JsonSerializable(typeof(StoredValueRefunded))]
[JsonSerializable(typeof(StoredValueFrozen))]
[JsonSerializable(typeof(StoredValueReleased))]
[JsonSerializable(typeof(CouponsIssued))]
[JsonSerializable(typeof(CouponRevoked))]
[JsonSerializable(typeof(CouponsExpired))]
[JsonSerializable(typeof(TagAdded))]
[JsonSerializable(typeof(TagRemoved))]
[JsonSerializable(typeof(BasketOpened))]
[JsonSerializable(typeof(BasketChanged))]
[JsonSerializable(typeof(BasketCancelled))]
[JsonSerializable(typeof(BasketCommitted))]
[JsonSerializable(typeof(BasketsExpired))]
[JsonSerializable(typeof(StoreOpened))]
[JsonSerializable(typeof(StoreChanged))]
[JsonSerializable(typeof(StoreClosed))]
[JsonSerializable(typeof(StoreReopened))]
[JsonSerializable(typeof(WalkInRecorded))]
[JsonSerializable(typeof(IdentityReserved))]
[JsonSerializable(typeof(IdentityConfirmed))]
[JsonSerializable(typeof(IdentityReleased))]
[JsonSerializable(typeof(ProgrammePublished))]
[JsonSerializable(typeof(KeyIssued))]
[JsonSerializable(typeof(KeyRevoked))]
[JsonSerializable(typeof(CodeClaimed))]
internal sealed partial class EventJson : JsonSerializerContext;

/// <summary>The options every event is read and written with. Apart from the generated class, whose own statics must be there first.</summary>
internal static class EventJsonSettings
{
    public static JsonSerializerOptions Shared { get; } = For(EventJson.Default, EventJson.Default.Options);

    /// <summary>The same rules for another set of generated serializers.</summary>
    public static JsonSerializerOptions For(IJsonTypeInfoResolver generated, JsonSerializerOptions options)
    {
        var settings = new JsonSerializerOptions(options)
        {
            TypeInfoResolver = generated.WithAddedModifier(WriteWhatMatters),
            // The journal is not HTML: Chinese text stays readable and short.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        settings.MakeReadOnly();
        return settings;
    }

    /// <summary>
    /// A required member is written also at its default, so that reading can insist on it: a missing one means a damaged entry. An
    /// optional list that is empty says nothing and is left out.
    /// </summary>
    private static void WriteWhatMatters(JsonTypeInfo type)
    {
        List<(PropertyInfo Member, object Empty)> lists = [];
        foreach (var property in type.Properties)
        {
            if (property.IsRequired)
            {
                property.ShouldSerialize = static (_, _) => true;
            }
            else if (property.PropertyType is { IsGenericType: true } list && list.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            {
                property.ShouldSerialize = static (_, value) => value is not (null or ICollection { Count: 0 });
                if (property.AttributeProvider is PropertyInfo member && member.DeclaringType!.IsClass)
                    lists.Add((member, Array.CreateInstance(list.GetGenericArguments()[0], 0)));
            }
        }
        if (lists.Count > 0)
            type.OnDeserialized = happened => FillEmpty(happened, lists);
    }

    /// <summary>Generated code passes null for an init member that is absent, whatever its initializer says; an absent list is an empty one.</summary>
    private static void FillEmpty(object happened, List<(PropertyInfo Member, object Empty)> lists)
    {
        foreach (var (member, empty) in lists)
            if (member.GetValue(happened) is null)
                member.SetValue(happened, empty);
    }
}
