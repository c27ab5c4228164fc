using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Silo.Access;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Api;

/// <summary>Coupons by hand: given and taken away (docs/domain/coupons.md).</summary>
internal static class CouponEndpoints
{
    /// <summary>POST /v1/coupons.</summary>
    public static async ValueTask<ApiReply> IssueAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (request, wrong) = await BodyReader.ReadAsync(http, Wire.Json.IssueCouponsRequest);
        if (request is null) return wrong!;
        var (asked, refused) = await CounterAct.ReadAsync(
            api, http, caller, request.Customer, request.Store, request.Staff,
            InputRules.Text(request.Kind, "kind", Limits.RuleIdLengthMax) ?? InputRules.Text(request.Reason, "reason", Limits.TextLengthMax));
        if (asked is null) return refused!;
        var count = request.Count ?? 1;
        var command = new IssueCoupons
        {
            At = asked.At, Origin = asked.Origin, Kind = request.Kind!, Count = count, Reason = request.Reason!,
            UtcOffsetMinutes = BusinessClock.At(api.Programme(caller.Chain), asked.At).OffsetMinutes,
        };
        var reply = await asked.AskAsync(api, caller, FingerprintOf(api, asked, request, count), command);
        if (!reply.IsOk) return reply.Rejection!;
        var coupons = CouponViews.Issued(api, caller.Chain, reply.Entry!) ?? [];
        return ApiReply.Ok(new CouponsReply(asked.Customer.Value, coupons, reply.Entry!.Version), Wire.Json.CouponsReply);
    }

    /// <summary>POST /v1/coupons/revocations.</summary>
    public static async ValueTask<ApiReply> RevokeAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (request, wrong) = await BodyReader.ReadAsync(http, Wire.Json.RevokeCouponRequest);
        if (request is null) return wrong!;
        var (asked, refused) = await CounterAct.ReadAsync(
            api, http, caller, request.Customer, request.Store, request.Staff, InputRules.Text(request.Reason, "reason", Limits.TextLengthMax));
        if (asked is null) return refused!;
        var reply = await asked.AskAsync(
            api, caller, asked.FingerprintOf(api, FingerprintKind.CouponRevocation, request.Coupon, request.Reason),
            new RevokeCoupon { At = asked.At, Origin = asked.Origin, Number = request.Coupon, Reason = request.Reason! });
        if (!reply.IsOk) return reply.Rejection!;
        var revoked = EntryReplies.Expect<CouponRevoked>(reply.Entry!);
        return ApiReply.Ok(new CouponRevokedReply(asked.Customer.Value, revoked.Number, reply.Entry!.Version), Wire.Json.CouponRevokedReply);
    }

    private static ulong FingerprintOf(ApiServices api, CounterAct asked, IssueCouponsRequest request, int count)
    {
        var writer = new FingerprintWriter(FingerprintKind.CouponIssue);
        writer.Text(asked.Origin.Store?.Value);
        writer.Text(asked.Origin.Staff?.Value);
        writer.Text(request.Kind);
        writer.Number(count);
        writer.Text(request.Reason);
        return writer.Finish(api.Vault);
    }
}
