using ChainCrm.Client.Wire;
using ChainCrm.Domain.Customers;
using ChainCrm.Grains;
using ChainCrm.Grains.Codecs;
using ChainCrm.Silo.Access;
using ChainCrm.Silo.Problems;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Api;

/// <summary>GET /v1/customers/{id}/statement: everything that happened, newest first, straight from the journal.</summary>
internal static class StatementEndpoint
{
    /// <summary>One page.</summary>
    public static async ValueTask<ApiReply> ShowAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (customer, badId) = Routes.Customer(http);
        if (badId is not null) return badId;
        var (limit, badLimit) = Routes.Number(http, "limit", ApiLimits.StatementPageDefault, 1, ApiLimits.StatementPageMax);
        if (badLimit is not null) return badLimit;
        var (before, badBefore) = Routes.Number(http, "before", long.MaxValue, 1, long.MaxValue);
        if (badBefore is not null) return badBefore;

        var grain = new GrainId(caller.Chain, GrainKinds.Customer, customer.Value);
        var entries = await api.Journal.ReadStreamBackwardAsync(grain.Stream, before, (int)limit);
        if (entries.Count == 0 && before == long.MaxValue) return ApiRejections.NoSuchCustomer.At("id");
        var lines = new List<StatementLine>(entries.Count);
        foreach (var written in entries)
        {
            var entry = EntryCodec.Decode(written);
            for (var i = entry.Events.Count - 1; i >= 0; i--)
                if (LineOf(api, caller.Chain, entry, (CustomerEvent)entry.Events[i]) is { } line) lines.Add(line);
        }

        var last = entries.Count == limit ? entries[^1].Version : 0;
        return ApiReply.Ok(new StatementPage(lines, last > 1 ? last : null), Wire.Json.StatementPage);
    }

    private static StatementLine? LineOf(ApiServices api, string chain, CommittedEntry entry, CustomerEvent happened)
    {
        var line = new StatementLine
        {
            Kind = "",
            Version = entry.Version,
            At = MemberCards.TimeOf(happened.At),
            Store = happened.Origin.Store?.Value,
            Staff = happened.Origin.Staff?.Value,
            Till = happened.Origin.Till?.Value,
            ProgrammeVersion = entry.ProgrammeVersion,
        };
        return happened switch
        {
            CustomerEnrolled e => line with { Kind = "enrolled", Store = line.Store ?? e.HomeStore.Value, Tier = e.Tier.Value },
            ProfileChanged => line with { Kind = "profile" },
            PurchaseRecorded e => line with
            {
                Kind = "purchase", At = MemberCards.TimeOf(e.OccurredAt), Store = e.Store.Value, Receipt = e.Receipt, AmountMinor = e.Amount.Minor,
                Points = (e.PointsEarned - e.PointsUsed).Count, Balance = e.Balance.Count, Tier = e.Tier.Value, Rules = e.Rules, Grants = EntryReplies.GrantsOf(api, chain, entry, e), StoredValue = ChangeOf(StoredValue.Zero - e.StoredValueUsed),
                Coupons = NamesOf(api, chain, entry, e.Coupons.Select(static use => use.Kind)),
            },
            LinesReturned e => line with
            {
                Kind = "return", At = MemberCards.TimeOf(e.OccurredAt), Receipt = $"{e.PurchaseStore.Value}/{e.PurchaseReceipt}", AmountMinor = -e.Amount.Minor,
                Points = (e.PointsGivenBack - e.PointsTakenBack).Count, Balance = e.Balance.Count, Tier = e.Tier.Value, Note = e.Reason,
                StoredValue = ChangeOf(e.StoredValueBack), Coupons = NamesOf(api, chain, entry, e.CouponsBack.Select(static coupon => coupon.Kind)),
            },
            StoredValueToppedUp e => line with { Kind = "topped-up", AmountMinor = e.Amount.Minor, StoredValue = ChangeOf(new StoredValue(e.Amount, e.Gift)) },
            StoredValueRefunded e => line with
            {
                Kind = "refunded", AmountMinor = -e.Amount.Minor, Note = e.Reason, StoredValue = ChangeOf(StoredValue.Zero - new StoredValue(e.Amount, e.GiftWithdrawn)),
            },
            StoredValueFrozen e => line with { Kind = "frozen", Note = e.Reason },
            StoredValueReleased e => line with { Kind = "released", Note = e.Reason },
            CouponsIssued e => line with { Kind = "coupons-issued", Note = CouponCodes.KeyOf(entry.CommandId) ?? e.Reason, Coupons = NamesOf(api, chain, entry, e.Coupons.Select(static coupon => coupon.Kind)) },
            CouponRevoked e => line with { Kind = "coupon-revoked", Note = e.Reason, Coupons = NamesOf(api, chain, entry, [e.Kind]) },
            CouponsExpired e => line with { Kind = "coupons-expired", Coupons = NamesOf(api, chain, entry, e.Coupons.Select(static coupon => coupon.Kind)) },
            PointsRedeemed e => line with { Kind = "redeemed", Points = -e.Points.Count, Balance = e.Balance.Count, Note = e.Reason },
            PointsAdjusted e => line with { Kind = "adjusted", Points = e.Points.Count, Balance = e.Balance.Count, Note = e.Reason },
            PointsExpired e => line with { Kind = "expired", Points = -e.Points.Count, Balance = e.Balance.Count },
            PointsExtended e => line with { Kind = "points-extended", Note = e.Reason, EndsAt = MemberCards.TimeOf(e.Until) },
            PointsFrozen e => line with { Kind = "points-frozen", Note = e.Reason },
            PointsReleased e => line with { Kind = "points-released", Note = e.Reason },
            TagAdded e => line with
            {
                Kind = "tag-added", Tag = TagEndpoints.NameOf(api.ProgrammeOf(chain, entry.ProgrammeVersion), e.Tag), EndsAt = e.Until is { } until ? MemberCards.TimeOf(until) : null,
            },
            TagRemoved e => line with { Kind = "tag-removed", Tag = TagEndpoints.NameOf(api.ProgrammeOf(chain, entry.ProgrammeVersion), e.Tag) },
            DeliverySent e => line with { Kind = $"{e.Kind}-sent", Points = e.LotsUsed.Count == 0 ? 0 : -e.Points.Count, Balance = e.Balance.Count, Note = e.Reason, OtherCustomer = e.To.Value },
            DeliveryReceived e => line with { Kind = $"{e.Kind}-received", Points = e.Points.Count, Balance = e.Balance.Count, Note = e.Reason, OtherCustomer = e.From.Value },
            DeliveryGivenBack e => line with { Kind = $"{e.Kind}-given-back", Points = e.Points.Count, Balance = e.Balance.Count, OtherCustomer = e.To.Value },
            // That what was sent has arrived changes nothing on this side.
            DeliveryArrived => null,
            TierChanged e => line with { Kind = "tier", Tier = e.To.Value, Note = e.Reason },
            TierProlonged e => line with { Kind = "tier-kept", Tier = e.Tier.Value, Note = e.Reason },
            TierForecast e => line with
            {
                Kind = "tier-forecast", Tier = e.WouldBe.Value, AmountMinor = e.Missing.Minor == 0 ? null : e.Missing.Minor, MissingPoints = e.MissingPoints.Count == 0 ? null : e.MissingPoints.Count,
                MissingVisits = e.MissingVisits == 0 ? null : e.MissingVisits, AnyIsEnough = e is { AnyIsEnough: true } && e.WouldBe != e.Tier ? true : null,
            },
            // Merging lots changes no balance: nothing a customer would ask about.
            LotsMerged => null,
            BasketOpened or BasketChanged or BasketCancelled or BasketCommitted or BasketsExpired => BasketViews.LineOf(line, entry.Grain.Key, happened),
            _ => throw new System.Diagnostics.UnreachableException($"No statement line for {happened.GetType().Name}."),
        };
    }

    private static IReadOnlyList<LocalName>? NamesOf(ApiServices api, string chain, CommittedEntry entry, IEnumerable<string> kinds)
    {
        var programme = api.ProgrammeOf(chain, entry.ProgrammeVersion);
        LocalName[] names = [.. kinds.Select(kind => CouponViews.NameOf(programme, kind) ?? new LocalName(kind, kind))];
        return names.Length == 0 ? null : names;
    }

    private static StoredValueView? ChangeOf(StoredValue change) => change == default ? null : StoredValueEndpoints.ViewOf(change);
}
