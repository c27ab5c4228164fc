using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Grains;
using ChainCrm.Silo.Access;
using ChainCrm.Silo.Problems;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Api;

/// <summary>Baskets at the counter: opened, changed, given up, read (docs/domain/baskets.md). They are paid by a purchase that names them.</summary>
internal static class BasketEndpoints
{
    /// <summary>POST /v1/baskets.</summary>
    public static async ValueTask<ApiReply> OpenAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (request, wrong) = await BodyReader.ReadAsync(http, Wire.Json.BasketRequest);
        if (request is null) return wrong!;
        var (asked, refused) = await CounterAct.ReadAsync(api, http, caller, request.Customer, request.Store, request.Staff);
        if (asked is null) return refused!;
        var hold = new Hold(new Points(request.Points), new Money(request.StoredValueMinor));
        var reply = await asked.AskAsync(
            api, caller, FingerprintOf(api, FingerprintKind.BasketOpening, asked.Origin, 0, hold, request.Coupons),
            new OpenBasket { At = asked.At, Origin = asked.Origin, Hold = hold, Coupons = request.Coupons ?? [] });
        if (!reply.IsOk) return reply.Rejection!;
        var e = EntryReplies.Expect<BasketOpened>(reply.Entry!);
        return ApiReply.Created(ReplyOf(reply.Entry!, e.Basket, e.Hold, e.EndsAt, e.Coupons), Wire.Json.BasketReply);
    }

    /// <summary>PATCH /v1/baskets/{id}.</summary>
    public static async ValueTask<ApiReply> ChangeAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (request, wrong) = await BodyReader.ReadAsync(http, Wire.Json.BasketChangeRequest);
        if (request is null) return wrong!;
        var (asked, refused) = Read(api, http, caller, request.Store, request.Staff);
        if (asked is null) return refused!;
        var hold = new Hold(new Points(request.Points), new Money(request.StoredValueMinor));
        var reply = await asked.Act.AskAsync(
            api, caller, FingerprintOf(api, FingerprintKind.BasketChange, asked.Act.Origin, asked.Basket.Number, hold, request.Coupons),
            new ChangeBasket { At = asked.Act.At, Origin = asked.Act.Origin, Basket = asked.Basket.Number, Hold = hold, Coupons = request.Coupons ?? [] });
        if (!reply.IsOk) return InPath(reply.Rejection!);
        var e = EntryReplies.Expect<BasketChanged>(reply.Entry!);
        return ApiReply.Ok(ReplyOf(reply.Entry!, e.Basket, e.Hold, e.EndsAt, e.Coupons), Wire.Json.BasketReply);
    }

    /// <summary>DELETE /v1/baskets/{id}.</summary>
    public static async ValueTask<ApiReply> CancelAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (asked, refused) = Read(api, http, caller, null, null);
        if (asked is null) return refused!;
        var reply = await asked.Act.AskAsync(
            api, caller, FingerprintOf(api, FingerprintKind.BasketCancellation, asked.Act.Origin, asked.Basket.Number, Hold.None),
            new CancelBasket { At = asked.Act.At, Origin = asked.Act.Origin, Basket = asked.Basket.Number });
        if (!reply.IsOk) return InPath(reply.Rejection!);
        var e = EntryReplies.Expect<BasketCancelled>(reply.Entry!);
        return ApiReply.Ok(ReplyOf(reply.Entry!, e.Basket, e.Hold, null), Wire.Json.BasketReply);
    }

    /// <summary>GET /v1/baskets/{id}: the basket while it is open.</summary>
    public static async ValueTask<ApiReply> ShowAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (id, unknown) = BasketIds.InPath(http);
        if (id is null) return ApiRejections.NoSuchBasket.At(unknown!.Field!);
        var read = await api.Engine.ReadAsync<CustomerState, (long Number, Timestamp Now), (Basket? Basket, long Version)>(
            new GrainId(caller.Chain, GrainKinds.Customer, id.Customer.Value), (id.Number, api.Now()),
            static (state, asked) => (state.OpenBasketAt(asked.Number, asked.Now), state.Version));
        if (read.Rejection is not null) return read.Rejection;
        var (found, version) = read.Value;
        return found is { } basket
            ? ApiReply.Ok(ReplyOf(id.Customer.Value, version, basket.Number, basket.Hold, basket.EndsAt, basket.Coupons), Wire.Json.BasketReply)
            : ApiRejections.NoSuchBasket.At("id");
    }

    private static Outcome<AskedOfBasket> Read(ApiServices api, HttpContext http, Caller caller, string? store, string? staff)
    {
        var (key, missing) = IdempotencyKeys.Of(http.Request);
        if (key is null) return missing!;
        var (at, unknownStore) = Callers.OptionalStoreOf(api, caller, store);
        if (unknownStore is not null) return unknownStore;
        var (origin, badStaff) = Callers.OriginOf(caller, at?.Id, staff);
        if (badStaff is not null) return badStaff;
        var (id, unknown) = BasketIds.InPath(http);
        return id is null ? unknown! : new AskedOfBasket(id, new CounterAct(key, id.Customer, origin, api.Now()));
    }

    // In these requests the basket stands in the path.
    private static Rejection InPath(Rejection refused) => refused.Field == "basket" ? refused.At("id") : refused;

    private static BasketReply ReplyOf(CommittedEntry entry, long number, Hold hold, Timestamp? endsAt, IReadOnlyList<int>? coupons = null) =>
        ReplyOf(entry.Grain.Key, entry.Version, number, hold, endsAt, coupons);

    private static BasketReply ReplyOf(string customer, long version, long number, Hold hold, Timestamp? endsAt, IReadOnlyList<int>? coupons) => new()
    {
        Id = BasketIds.Of(customer, number), Customer = customer, Points = hold.Points.Count, StoredValueMinor = hold.StoredValue.Minor, Coupons = coupons is { Count: > 0 } ? coupons : null,
        EndsAt = endsAt is { } end ? MemberCards.TimeOf(end) : null, Version = version,
    };

    private static ulong FingerprintOf(ApiServices api, FingerprintKind kind, Origin origin, long basket, Hold hold, IReadOnlyList<int>? coupons = null)
    {
        var writer = new FingerprintWriter(kind);
        writer.Text(origin.Store?.Value);
        writer.Text(origin.Staff?.Value);
        writer.Number(basket);
        writer.Number(hold.Points.Count);
        writer.Number(hold.StoredValue.Minor);
        foreach (var coupon in coupons ?? []) writer.Number(coupon);
        return writer.Finish(api.Vault);
    }

    private sealed record AskedOfBasket(BasketId Basket, CounterAct Act);
}
