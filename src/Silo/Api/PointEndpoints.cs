using System.Globalization;
using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Silo.Access;
using ChainCrm.Silo.Problems;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Api;

/// <summary>What is done to a customer's points as they lie: they end later, are frozen, released (docs/domain/lots.md).</summary>
internal static class PointEndpoints
{
    /// <summary>POST /v1/customers/{id}/points/extensions.</summary>
    public static async ValueTask<ApiReply> ExtendAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (customer, badId) = Routes.Customer(http);
        if (badId is not null) return badId;
        var (request, wrong) = await BodyReader.ReadAsync(http, Wire.Json.ExtendPointsRequest);
        if (request is null) return wrong!;
        var (asked, refused) = await CounterAct.ReadAsync(api, http, caller, new CustomerKey { Id = customer.Value }, null, null, Wrong(request));
        if (asked is null) return refused!;
        var lastDay = DayOf(request.LastDay)!.Value;
        var endingBefore = DayOf(request.EndingBefore);
        var writer = new FingerprintWriter(FingerprintKind.PointsExtension);
        writer.Number(lastDay.Number);
        writer.Optional(endingBefore?.Number);
        writer.Text(request.Reason);
        var reply = await asked.AskAsync(api, caller, writer.Finish(api.Vault), new ExtendPoints
        {
            At = asked.At, Origin = asked.Origin, LastDay = lastDay, EndingBefore = endingBefore, Reason = request.Reason!,
            UtcOffsetMinutes = BusinessClock.At(api.Programme(caller.Chain), asked.At).OffsetMinutes,
        });
        if (!reply.IsOk) return reply.Rejection!;
        var e = EntryReplies.Expect<PointsExtended>(reply.Entry!);
        return ApiReply.Ok(new PointsExtendedReply(reply.Entry!.Grain.Key, e.Points.Count, MemberCards.TimeOf(e.Until), reply.Entry!.Version), Wire.Json.PointsExtendedReply);
    }

    /// <summary>POST /v1/points/freezes.</summary>
    public static ValueTask<ApiReply> FreezeAsync(ApiServices api, HttpContext http, Caller caller) => Freezes.AskAsync(
        api, http, caller, FingerprintKind.PointsFreeze,
        static (asked, reason) => new FreezePoints { At = asked.At, Origin = asked.Origin, Reason = reason },
        static (asked, reason) => new ReleasePoints { At = asked.At, Origin = asked.Origin, Reason = reason },
        static (customer, frozen, version) => ApiReply.Ok(new PointsFreezeReply(customer, frozen, version), Wire.Json.PointsFreezeReply));

    private static Rejection? Wrong(ExtendPointsRequest request)
    {
        if (request.LastDay is null) return ApiRejections.MissingField.At("lastDay");
        if (DayOf(request.LastDay) is null) return CustomerRejections.ExtensionInvalid.At("lastDay");
        if (request.EndingBefore is not null && DayOf(request.EndingBefore) is null) return CustomerRejections.ExtensionInvalid.At("endingBefore");
        return InputRules.Text(request.Reason, "reason", Limits.TextLengthMax);
    }

    private static BusinessDay? DayOf(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? BusinessDay.From(day) : null;
}
