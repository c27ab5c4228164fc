using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Stores;
using ChainCrm.Grains;
using ChainCrm.Grains.Directories;
using ChainCrm.Silo.Access;
using ChainCrm.Silo.Problems;
using ChainCrm.Silo.Why;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Api;

/// <summary>POST /v1/baskets/quote: what a purchase would answer, decided on the customer in its own turn. Records nothing.</summary>
internal static class QuoteEndpoint
{
    // A sale has a receipt number; this one is never written anywhere.
    private const string Receipt = "quote";
    private const long DayMs = 86_400_000;

    public static async ValueTask<ApiReply> QuoteAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (request, wrong) = await BodyReader.ReadAsync(http, Wire.Json.QuoteRequest);
        if (request is null) return wrong!;
        var (store, unknownStore) = Callers.StoreOf(api, caller, request.Store);
        if (store is null) return unknownStore!;
        var (sale, bad) = SaleOf(api, caller, store, request);
        if (sale is null) return bad!;
        if (!store.IsOpen && await Callers.TakesSaleAsync(api, caller.Chain, store, sale.OccurredAt) is { } closed) return closed;
        var (customer, unknown) = await CustomerKeys.FindAsync(api, caller.Chain, request.Customer, "customer");
        if (unknown is not null) return unknown;
        if (request.Basket is not null)
        {
            var (basket, noBasket) = BasketIds.Parse(request.Basket, "basket");
            if (basket is null) return noBasket!;
            if (basket.Customer != customer) return CustomerRejections.BasketNotOpen.At("basket");
            sale = sale with { Basket = basket.Number };
        }

        var grain = new GrainId(caller.Chain, GrainKinds.Customer, customer.Value);
        var programme = api.Programme(caller.Chain);
        var read = await api.Engine.ReadAsync<CustomerState, (RecordPurchase Sale, Programme Programme), Quote>(
            grain, (sale, programme), static (state, asked) => Quote.Of(state, asked.Sale, asked.Programme));
        if (read.Rejection is not null) return read.Rejection;
        var quote = read.Value!;
        return quote.Decision.Rejection is { } refused ? refused : ApiReply.Ok(ReplyOf(api, caller, grain, sale, programme, quote), Wire.Json.QuoteReply);
    }

    private static Outcome<RecordPurchase> SaleOf(ApiServices api, Caller caller, StoreFacts store, QuoteRequest request)
    {
        if (request.Lines is null) return ApiRejections.MissingField.At("lines");
        if (request.Lines.Count > Limits.ReceiptLinesMax) return CustomerRejections.TooManyLines.At("lines");
        var (lines, badLine) = Purchases.LinesOf(request.Lines);
        if (lines is null) return badLine!;
        var now = api.Now();
        var asOf = request.AsOf is { } said ? new Timestamp(said.ToUnixTimeMilliseconds()) : now;
        if (asOf.UnixMs - now.UnixMs > ApiLimits.QuoteAheadDaysMax * DayMs) return ApiRejections.QuoteTooFarAhead.At("asOf");
        // A sale of the past is sent now; one of the future is sent then.
        return Purchases.SaleOf(api.Programme(caller.Chain), store, new Origin(store.Id, null, caller.Till), new PurchaseRequest
        {
            Receipt = Receipt, Channel = request.Channel, UsePoints = request.UsePoints, UseStoredValueMinor = request.UseStoredValueMinor, Coupons = request.Coupons, SkipCoupons = request.SkipCoupons,
            MemberPrices = request.MemberPrices,
        }, lines, asOf > now ? asOf : now, asOf);
    }

    private static QuoteReply ReplyOf(ApiServices api, Caller caller, GrainId grain, RecordPurchase sale, Programme programme, Quote quote)
    {
        // The entry that would be written, so that the answer is made by the same code as that of a purchase.
        var entry = new CommittedEntry(0, grain, quote.Version, Receipt, sale.At.UnixMs, programme.Version, 0, default, [.. quote.Decision.Events]);
        var reply = EntryReplies.Purchase(api, caller.Chain, entry, sale.Store.Value, Receipt);
        return new QuoteReply
        {
            Customer = grain.Key,
            Store = reply.Store,
            AsOf = MemberCards.TimeOf(sale.OccurredAt),
            AmountMinor = reply.AmountMinor,
            PointsUsed = reply.PointsUsed,
            PointsValueMinor = reply.PointsValueMinor,
            ChargeMinor = reply.ChargeMinor,
            PointsEarned = reply.PointsEarned,
            PointsBonus = reply.PointsBonus,
            Balance = reply.Balance,
            Tier = reply.Tier,
            TierChanged = reply.TierChanged,
            CrossStore = reply.CrossStore,
            Grants = reply.Grants,
            StoredValue = reply.StoredValue,
            Coupons = reply.Coupons,
            CouponsIssued = reply.CouponsIssued,
            MemberPrices = reply.MemberPrices,
            ReferralPoints = reply.ReferralPoints,
            Instructions = reply.Instructions,
            PointsFrozen = quote.PointsFrozen ? true : null,
            Offers = [.. quote.Offers.Select(offer => CouponViews.Of(programme, offer))],
            UsablePoints = quote.UsablePoints.Count,
            UsablePointsValueMinor = quote.UsablePoints.Count * programme.PointValue.Minor,
            UsableStoredValueMinor = quote.UsableStoredValue.Minor,
            Held = BasketViews.Of(quote.Held),
            Reasons = EntryReasons.Of(api, caller.Chain, entry, programme).Reasons,
            ProgrammeVersion = programme.Version,
            Version = quote.Version,
        };
    }
}
