using System.Globalization;
using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Stores;
using ChainCrm.Grains;
using ChainCrm.Silo.Access;
using ChainCrm.Silo.Problems;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Api;

/// <summary>Goods that come back: taken back, and asked for beforehand (docs/domain/returns.md).</summary>
internal static class ReturnEndpoints
{
    /// <summary>POST /v1/returns.</summary>
    public static async ValueTask<ApiReply> ReturnAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (request, wrong) = await BodyReader.ReadAsync(http, Wire.Json.ReturnRequest);
        if (request is null) return wrong!;
        var (key, missing) = IdempotencyKeys.Of(http.Request);
        if (key is null) return missing!;
        var (asked, refused) = await PrepareAsync(api, caller, request, Callers.CommandId(caller, key));
        if (asked is null) return refused!;
        var reply = await CounterAct.AskAsync(api, caller, asked.Customer, key, FingerprintOf(api, asked, request), asked.Command);
        if (EntryReplies.Sends(reply)) await api.Deliveries.CarryThroughAsync(reply.Entry!, CancellationToken.None);
        return reply.IsOk ? ApiReply.Ok(EntryReplies.Return(api, caller.Chain, reply.Entry!), Wire.Json.ReturnReply) : reply.Rejection!;
    }

    /// <summary>POST /v1/returns/quote: what the return would answer. Records nothing, so it needs no key.</summary>
    public static async ValueTask<ApiReply> QuoteAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (request, wrong) = await BodyReader.ReadAsync(http, Wire.Json.ReturnRequest);
        if (request is null) return wrong!;
        var (asked, refused) = await PrepareAsync(api, caller, request, null);
        if (asked is null) return refused!;
        return await ReturnQuotes.OfAsync(api, caller.Chain, asked.Customer, asked.Command);
    }

    /// <summary>What is wrong with the request, in the order in which it is refused; for whom it is, and the command.</summary>
    private static async ValueTask<Outcome<Prepared>> PrepareAsync(ApiServices api, Caller caller, ReturnRequest request, string? commandId)
    {
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
        var (customer, unknown) = await CustomerKeys.FindAsync(api, caller.Chain, request.Customer, "customer", commandId);
        if (unknown is not null) return unknown;

        var now = api.Now();
        var occurred = request.OccurredAt is { } said ? new Timestamp(said.ToUnixTimeMilliseconds()) : now;
        return new Prepared(customer, new ReturnLines
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

    private static ulong FingerprintOf(ApiServices api, Prepared asked, ReturnRequest request)
    {
        var writer = new FingerprintWriter(FingerprintKind.Return);
        writer.Text(asked.Command.Origin.Store?.Value);
        writer.Text(request.Staff);
        writer.Text(asked.Command.PurchaseStore.Value);
        writer.Text(request.PurchaseReceipt);
        writer.Optional(request.OccurredAt?.ToUnixTimeMilliseconds());
        writer.Text(request.Reason);
        writer.Number(asked.Command.Lines.Count);
        foreach (var line in asked.Command.Lines)
        {
            writer.Number(line.Line);
            writer.Number(line.Quantity.Milli);
        }

        return writer.Finish(api.Vault);
    }

    /// <summary>A return that is fit to be decided.</summary>
    private sealed record Prepared(CustomerId Customer, ReturnLines Command);
}
