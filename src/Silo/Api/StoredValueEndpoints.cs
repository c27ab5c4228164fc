using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Grains;
using ChainCrm.Silo.Access;
using ChainCrm.Silo.Problems;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Api;

/// <summary>Stored value at the counter: paid in, paid out, frozen, released (docs/domain/stored-value.md).</summary>
internal static class StoredValueEndpoints
{
    /// <summary>POST /v1/stored-value/top-ups.</summary>
    public static async ValueTask<ApiReply> TopUpAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (request, wrong) = await BodyReader.ReadAsync(http, Wire.Json.TopUpRequest);
        if (request is null) return wrong!;
        var (asked, refused) = await CounterAct.ReadAsync(api, http, caller, request.Customer, request.Store, request.Staff);
        if (asked is null) return refused!;
        var reply = await asked.AskAsync(
            api, caller, asked.FingerprintOf(api, FingerprintKind.TopUp, request.AmountMinor, null),
            new TopUpStoredValue
            {
                At = asked.At, Origin = asked.Origin, Amount = new Money(request.AmountMinor), UtcOffsetMinutes = BusinessClock.At(api.Programme(caller.Chain), asked.At).OffsetMinutes,
            });
        if (!reply.IsOk) return reply.Rejection!;
        var e = EntryReplies.Expect<StoredValueToppedUp>(reply.Entry!);
        return ReplyOf(
            reply.Entry!, new StoredValue(e.Amount, e.Gift), new StoredValue(e.PrincipalBalance, e.GiftBalance), CouponViews.Issued(api, caller.Chain, reply.Entry!));
    }

    /// <summary>POST /v1/stored-value/refunds.</summary>
    public static async ValueTask<ApiReply> RefundAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (request, wrong) = await BodyReader.ReadAsync(http, Wire.Json.StoredValueRefundRequest);
        if (request is null) return wrong!;
        var (asked, refused) = await CounterAct.ReadAsync(
            api, http, caller, request.Customer, request.Store, request.Staff, InputRules.Text(request.Reason, "reason", Limits.TextLengthMax));
        if (asked is null) return refused!;
        var reply = await asked.AskAsync(
            api, caller, asked.FingerprintOf(api, FingerprintKind.StoredValueRefund, request.AmountMinor, request.Reason),
            new RefundStoredValue { At = asked.At, Origin = asked.Origin, Amount = new Money(request.AmountMinor), Reason = request.Reason! });
        if (!reply.IsOk) return reply.Rejection!;
        var e = EntryReplies.Expect<StoredValueRefunded>(reply.Entry!);
        return ReplyOf(reply.Entry!, new StoredValue(e.Amount, e.GiftWithdrawn), new StoredValue(e.PrincipalBalance, e.GiftBalance));
    }

    /// <summary>POST /v1/stored-value/freezes.</summary>
    public static ValueTask<ApiReply> FreezeAsync(ApiServices api, HttpContext http, Caller caller) => Freezes.AskAsync(
        api, http, caller, FingerprintKind.Freeze,
        static (asked, reason) => new FreezeStoredValue { At = asked.At, Origin = asked.Origin, Reason = reason },
        static (asked, reason) => new ReleaseStoredValue { At = asked.At, Origin = asked.Origin, Reason = reason },
        static (customer, frozen, version) => ApiReply.Ok(
            new StoredValueReply { Customer = customer, Moved = new StoredValueView(0, 0) { Frozen = frozen }, Version = version }, Wire.Json.StoredValueReply));

    /// <summary>Principal and gift on the wire.</summary>
    public static StoredValueView ViewOf(StoredValue value) => new(value.Principal.Minor, value.Gift.Minor);

    /// <summary>What moved and what is there afterwards; null where nothing moved.</summary>
    public static StoredValueMove? MoveOf(StoredValue moved, StoredValue balance, bool used) => used ? new StoredValueMove(ViewOf(moved), ViewOf(balance)) : null;

    private static ApiReply ReplyOf(CommittedEntry entry, StoredValue moved, StoredValue balance, IReadOnlyList<CouponView>? coupons = null) => ApiReply.Ok(
        new StoredValueReply { Customer = entry.Grain.Key, Moved = ViewOf(moved), Balance = ViewOf(balance), CouponsIssued = coupons, Version = entry.Version },
        Wire.Json.StoredValueReply);
}
