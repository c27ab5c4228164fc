using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ChainCrm.Domain.AccessKeys;
using ChainCrm.Domain.CouponCodes;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Identities;
using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Stores;

namespace ChainCrm.Grains.Codecs;

/// <summary>Names of the events in the journal. Part of the storage format: a name is never reused, a changed meaning gets a new number.</summary>
public static class EventCatalog
{
    /// <summary>What is written.</summary>
    private static readonly EventShape[] Shapes =
    [
        Shape<CustomerEnrolled>("customer.enrolled.1"),
        Shape<ProfileChanged>("customer.profile-changed.1"),
        new HandEventShape<PurchaseRecorded>("customer.purchase-recorded.2", CompactPurchaseWriter.Write, CompactPurchaseReader.Read),
        Shape<LinesReturned>("customer.lines-returned.1"),
        Shape<PointsRedeemed>("customer.points-redeemed.1"),
        Shape<PointsAdjusted>("customer.points-adjusted.1"),
        Shape<PointsExpired>("customer.points-expired.1"),
        Shape<PointsExtended>("customer.points-extended.1"),
        Shape<DeliverySent>("customer.delivery-sent.1"),
        Shape<DeliveryReceived>("customer.delivery-received.1"),
        Shape<DeliveryArrived>("customer.delivery-arrived.1"),
        Shape<DeliveryGivenBack>("customer.delivery-given-back.1"),
        Shape<PointsFrozen>("customer.points-frozen.1"),
        Shape<PointsReleased>("customer.points-released.1"),
        Shape<TierChanged>("customer.tier-changed.1"),
        Shape<TierProlonged>("customer.tier-prolonged.1"),
        Shape<TierForecast>("customer.tier-forecast.1"),
        Shape<LotsMerged>("customer.lots-merged.1"),
        Shape<StoredValueToppedUp>("customer.stored-value-topped-up.1"),
        Shape<StoredValueRefunded>("customer.stored-value-refunded.1"),
        Shape<StoredValueFrozen>("customer.stored-value-frozen.1"),
        Shape<StoredValueReleased>("customer.stored-value-released.1"),
        Shape<CouponsIssued>("customer.coupons-issued.1"),
        Shape<CouponRevoked>("customer.coupon-revoked.1"),
        Shape<CouponsExpired>("customer.coupons-expired.1"),
        Shape<TagAdded>("customer.tag-added.1"),
        Shape<TagRemoved>("customer.tag-removed.1"),
        Shape<BasketOpened>("customer.basket-opened.1"),
        Shape<BasketChanged>("customer.basket-changed.1"),
        Shape<BasketCancelled>("customer.basket-cancelled.1"),
        Shape<BasketCommitted>("customer.basket-committed.1"),
        Shape<BasketsExpired>("customer.baskets-expired.1"),
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
        Shape<CodeClaimed>("coupon-code.claimed.1"),
    ];

    /// <summary>What was written once, and is read for ever.</summary>
    private static readonly EventShape[] FormerShapes =
    [
        Shape<PurchaseRecorded>("customer.purchase-recorded.1"),
    ];

    private static readonly FrozenDictionary<Type, EventShape> ByType = Shapes.ToFrozenDictionary(s => s.Type);

    private static readonly FrozenDictionary<string, EventShape>.AlternateLookup<ReadOnlySpan<char>> ByName =
        Shapes.Concat(FormerShapes).ToFrozenDictionary(s => s.Name, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Every event name that is written, with the type it stands for, in the order of this file.</summary>
    public static IEnumerable<(string Name, Type Type)> All => Shapes.Select(s => (s.Name, s.Type));

    /// <summary>Event names of older forms: no longer written, and read for ever.</summary>
    public static IEnumerable<(string Name, Type Type)> Former => FormerShapes.Select(s => (s.Name, s.Type));

    /// <summary>The name an event is stored under.</summary>
    public static string NameOf(object happened) => ByType[happened.GetType()].Name;

    internal static EventShape ShapeOf(object happened) => ByType[happened.GetType()];

    internal static EventShape? Find(ReadOnlySpan<char> name) => ByName.TryGetValue(name, out var shape) ? shape : null;

    private static GeneratedEventShape<TEvent> Shape<TEvent>(string name)
        where TEvent : class =>
        new(name, (JsonTypeInfo<TEvent>)EventJsonSettings.Shared.GetTypeInfo(typeof(TEvent)));
}
