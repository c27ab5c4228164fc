using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.CouponCodes;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Programmes.Coupons;
using ChainCrm.Grains;
using ChainCrm.Silo.Access;
using ChainCrm.Silo.Problems;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Api;

/// <summary>Printed codes of coupons: made, and shown by customers (docs/domain/coupons.md).</summary>
internal static class CouponCodeEndpoints
{
    /// <summary>POST /v1/coupons/codes/claims: the code decides whose it is, then the customer gets the coupon. A crash in between leaves the code with this customer, who shows it again.</summary>
    public static async ValueTask<ApiReply> ClaimAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (request, wrong) = await BodyReader.ReadAsync(http, Wire.Json.ClaimCodeRequest);
        if (request is null) return wrong!;
        var (asked, refused) = await CounterAct.ReadAsync(
            api, http, caller, request.Customer, request.Store, request.Staff, InputRules.Text(request.Code, "code", ApiLimits.CodeLengthMax));
        if (asked is null) return refused!;
        if (CouponCodes.Read(api.Vault, caller.Chain, request.Code!) is not { } code) return ApiRejections.CouponCodeInvalid.At("code");
        var customer = new GrainId(caller.Chain, GrainKinds.Customer, asked.Customer.Value);
        var commandId = CouponCodes.CommandIdOf(code);
        // Shown again it gets its first answer, also when the kind was switched off since.
        var (earlier, unreadable) = await RecordedCommands.FindAsync(api, customer, commandId);
        if (unreadable is not null) return unreadable;
        if (earlier is not null) return ReplyOf(api, caller, earlier);
        var programme = api.Programme(caller.Chain);
        if (KindOf(programme, code) is not { } kind) return CustomerRejections.CouponKindNotIssued.At("code");

        var issue = new IssueCoupons
        {
            At = asked.At, Origin = asked.Origin, Kind = kind.Id, Count = 1, Reason = $"code {code.Key}", UtcOffsetMinutes = BusinessClock.At(programme, asked.At).OffsetMinutes,
        };
        // The code is not taken for a customer who can't have the coupon.
        if (await RefusedAsync(api, customer, issue, programme) is { } not) return not.Field == "kind" ? not.At("code") : not;
        var claimed = await api.Engine.AskAsync(new GrainCommand(
            new GrainId(caller.Chain, GrainKinds.CouponCode, code.Key), "claim/" + asked.Customer.Value, 0, new ClaimCode { At = asked.At, Origin = asked.Origin, Customer = asked.Customer }));
        if (!claimed.IsOk) return claimed.Rejection!;
        var reply = await api.Engine.AskAsync(new GrainCommand(customer, commandId, 0, issue));
        return reply.IsOk ? ReplyOf(api, caller, reply.Entry!) : reply.Rejection!;
    }

    /// <summary>GET /v1/coupons/codes: a page of a batch's codes, to be printed.</summary>
    public static ValueTask<ApiReply> ListAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (batch, badBatch) = Routes.Number(http, "batch", 0, 1, Limits.CodeBatchMax);
        if (badBatch is not null) return ValueTask.FromResult<ApiReply>(badBatch);
        var (from, badFrom) = Routes.Number(http, "from", 0, 0, Limits.CodesOfBatchMax);
        if (badFrom is not null) return ValueTask.FromResult<ApiReply>(badFrom);
        var (limit, badLimit) = Routes.Number(http, "limit", ApiLimits.CodesPageMax, 1, ApiLimits.CodesPageMax);
        if (badLimit is not null) return ValueTask.FromResult<ApiReply>(badLimit);
        if (api.Programme(caller.Chain).Coupons.OfBatch((int)batch) is not { Codes: { } codes } kind) return ValueTask.FromResult<ApiReply>(CustomerRejections.CouponKindNotIssued.At("batch"));
        var count = (int)Math.Clamp(codes.Count - from, 0, limit);
        var page = new string[count];
        for (var i = 0; i < count; i++) page[i] = CouponCodes.Format(api.Vault, caller.Chain, new CouponCode((int)batch, (int)from + i));
        var next = from + count < codes.Count ? from + count : (long?)null;
        return ValueTask.FromResult(ApiReply.Ok(new CodePage(kind.Id, page, next), Wire.Json.CodePage));
    }

    private static CouponKind? KindOf(Programme programme, CouponCode code) =>
        programme.Coupons.OfBatch(code.Batch) is { Enabled: true, Codes: { } codes } kind && code.Number < codes.Count ? kind : null;

    private static ApiReply ReplyOf(ApiServices api, Caller caller, CommittedEntry entry) =>
        ApiReply.Ok(new CouponsReply(entry.Grain.Key, CouponViews.Issued(api, caller.Chain, entry) ?? [], entry.Version), Wire.Json.CouponsReply);

    private static async ValueTask<Rejection?> RefusedAsync(ApiServices api, GrainId customer, IssueCoupons issue, Programme programme)
    {
        var read = await api.Engine.ReadAsync<CustomerState, (IssueCoupons Issue, Programme Programme), Rejection?>(
            customer, (issue, programme), static (state, asked) => CustomerDecider.Decide(state, asked.Issue, asked.Programme).Rejection);
        return read.Rejection ?? read.Value;
    }
}
