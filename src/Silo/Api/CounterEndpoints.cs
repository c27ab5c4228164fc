using System.Globalization;
using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.Stores;
using ChainCrm.Domain.Customers;
using ChainCrm.Grains;
using ChainCrm.Silo.Access;
using ChainCrm.Silo.Problems;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Api;

/// <summary>What else a counter does for a customer: take goods back, hand out gifts for points, adjust points.</summary>
internal static class CounterEndpoints
{
    /// <summary>POST /v1/returns.</summary>
    public static async ValueTask<ApiReply> ReturnAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (request, wrong) = await BodyReader.ReadAsync(http, Wire.Json.ReturnRequest);
        if (request is null) return wrong!;
        var (key, missing) = IdempotencyKeys.Of(http.Request);
        if (key is null) return missing!;
        var (store, unknownStore) = Callers.StoreOf(api, caller, request.Store);
        if (store is null) return unknownStore!;
        var (origin, badStaff) = Callers.OriginOf(caller, store.Id, request.Staff);
        if (badStaff is not null) return badStaff;
        var bought = request.PurchaseStore ?? store.Id.Value;
        if (InputRules.Id(bought, "purchaseStore", ApiLimits.StoreIdMax) is { } badStore) return badStore;
        if (api.Directories.Store(caller.Chain, new StoreId(bought)) is not { } purchaseStore) return StoreRejections.Unknown.At("purchaseStore");
        if (InputRules.Receipt(request.PurchaseReceipt, "purchaseReceipt") is { } badReceipt) return badReceipt;
        if (InputRules.OptionalText(request.Reason, "reason", Limits.TextLengthMax) is { } badReason) return badReason;
        if (request.Customer is null) return ApiRejections.WalkInReturn.At("customer");
        var (lines, badLine) = LinesOf(request.Lines);
        if (lines is null) return badLine!;
        var (customer, unknown) = await CustomerKeys.FindAsync(api, caller.Chain, request.Customer, "customer", Callers.CommandId(caller, key));
        if (unknown is not null) return unknown;

        var now = api.Now();
        var occurred = request.OccurredAt is { } said ? new Timestamp(said.ToUnixTimeMilliseconds()) : now;
        var reply = await CounterAct.AskAsync(api, caller, customer, key, FingerprintOf(api, store.Id, purchaseStore.Id, request, lines), new ReturnLines
        {
            At = now,
            Origin = origin,
            PurchaseStore = purchaseStore.Id,
            PurchaseReceipt = request.PurchaseReceipt!,
            OccurredAt = occurred,
            BusinessDay = BusinessClock.At(api.Programme(caller.Chain), occurred).Day,
            Lines = lines,
            Reason = request.Reason,
        });
        if (EntryReplies.Sends(reply)) await api.Deliveries.CarryThroughAsync(reply.Entry!, CancellationToken.None);
        return reply.IsOk ? ApiReply.Ok(EntryReplies.Return(api, caller.Chain, reply.Entry!), Wire.Json.ReturnReply) : reply.Rejection!;
    }

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

    private static Outcome<ReturnLine[]> LinesOf(IReadOnlyList<ReturnLineRequest>? requests)
    {
        if (requests is null) return Array.Empty<ReturnLine>();
        if (requests.Count > Limits.ReceiptLinesMax) return ApiRejections.TooManyItems.At("lines");
        var lines = new ReturnLine[requests.Count];
        for (var i = 0; i < lines.Length; i++)
        {
            if (requests[i] is null) return ApiRejections.MissingField.At(string.Create(CultureInfo.InvariantCulture, $"lines[{i}]"));
            var (quantity, wrong) = InputRules.Quantity(requests[i].Quantity);
            if (wrong is not null) return wrong.At(string.Create(CultureInfo.InvariantCulture, $"lines[{i}].quantity"));
            lines[i] = new ReturnLine(requests[i].Line, quantity);
        }

        return lines;
    }

    private static ulong FingerprintOf(ApiServices api, StoreId store, StoreId purchaseStore, ReturnRequest request, ReturnLine[] lines)
    {
        var writer = new FingerprintWriter(FingerprintKind.Return);
        writer.Text(store.Value);
        writer.Text(request.Staff);
        writer.Text(purchaseStore.Value);
        writer.Text(request.PurchaseReceipt);
        writer.Optional(request.OccurredAt?.ToUnixTimeMilliseconds());
        writer.Text(request.Reason);
        writer.Number(lines.Length);
        foreach (var line in lines)
        {
            writer.Number(line.Line);
            writer.Number(line.Quantity.Milli);
        }

        return writer.Finish(api.Vault);
    }
}
