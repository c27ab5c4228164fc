using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Silo.Access;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Api;

/// <summary>What else a counter does for a customer: hand out gifts for points, adjust points.</summary>
internal static class CounterEndpoints
{
    /// <summary>POST /v1/redemptions.</summary>
    public static async ValueTask<ApiReply> RedeemAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (request, wrong) = await BodyReader.ReadAsync(http, Wire.Json.RedeemRequest);
        if (request is null) return wrong!;
        var (gift, refused) = await CounterAct.ReadAsync(
            api, http, caller, request.Customer, request.Store, request.Staff, InputRules.Text(request.Reason, "reason", Limits.TextLengthMax));
        if (gift is null) return refused!;
        var command = new RedeemPoints { At = gift.At, Origin = gift.Origin, Points = new Points(request.Points), Reason = request.Reason! };
        var reply = await gift.AskAsync(api, caller, gift.FingerprintOf(api, FingerprintKind.Redemption, request.Points, request.Reason), command);
        return reply.IsOk ? ApiReply.Ok(EntryReplies.Redemption(reply.Entry!), Wire.Json.PointsReply) : reply.Rejection!;
    }

    /// <summary>POST /v1/adjustments.</summary>
    public static async ValueTask<ApiReply> AdjustAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (request, wrong) = await BodyReader.ReadAsync(http, Wire.Json.AdjustRequest);
        if (request is null) return wrong!;
        var (asked, refused) = await CounterAct.ReadAsync(
            api, http, caller, request.Customer, request.Store, request.Staff, InputRules.Text(request.Reason, "reason", Limits.TextLengthMax));
        if (asked is null) return refused!;
        var command = new AdjustPoints
        {
            At = asked.At,
            Origin = asked.Origin,
            Points = new Points(request.Points),
            Reason = request.Reason!,
            UtcOffsetMinutes = BusinessClock.At(api.Programme(caller.Chain), asked.At).OffsetMinutes,
        };
        var reply = await asked.AskAsync(api, caller, asked.FingerprintOf(api, FingerprintKind.Adjustment, request.Points, request.Reason), command);
        return reply.IsOk ? ApiReply.Ok(EntryReplies.Adjustment(reply.Entry!), Wire.Json.PointsReply) : reply.Rejection!;
    }
}
