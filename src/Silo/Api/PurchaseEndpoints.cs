using System.Runtime.CompilerServices;
using ChainCrm.Client.Wire;
using ChainCrm.Silo.Access;
using ChainCrm.Silo.Problems;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Api;

/// <summary>Sales: one, many, and the echo that load is compared with.</summary>
internal static class PurchaseEndpoints
{
    private static readonly QuickReader<PurchaseRequest> Quick = PurchaseReader.TryRead;

    /// <summary>
    /// POST /v1/purchases. Reading and preparing end at once as a rule, so that the wait for the grain is the only one, and it is here: each
    /// method that waits costs a sale an object as large as all its variables.
    /// </summary>
    public static async ValueTask<ApiReply> RecordAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (sale, rejection) = await PrepareAsync(api, http, caller);
        if (sale is null) return rejection!;
        var reply = await api.Engine.AskAsync(sale.Command);
        if (Purchases.MayBeOlder(reply)) reply = await Purchases.AskAgainAsync(api, sale);
        if (EntryReplies.Sends(reply)) await api.Deliveries.CarryThroughAsync(reply.Entry!, CancellationToken.None);
        return reply.IsOk ? ApiReply.Ok(Purchases.ReplyOf(api, caller, sale, reply.Entry!), Wire.Json.PurchaseReply) : reply.Rejection!;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<Outcome<Purchases.Prepared>> PrepareAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (request, wrong) = await BodyReader.ReadAsync(http, Wire.Json.PurchaseRequest, quick: Quick);
        if (request is null) return wrong!;
        if (KeyFits(http, request) is { } misfit) return misfit;
        return await Purchases.PrepareAsync(api, caller, request);
    }

    /// <summary>
    /// POST /v1/bench/echo: the same middleware, the same reading and checks of the body, and a reply of the same size, without customer,
    /// engine or journal. What a purchase costs beyond this is the engine's.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<ApiReply> EchoAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (request, wrong) = await BodyReader.ReadAsync(http, Wire.Json.PurchaseRequest, quick: Quick);
        if (request is null) return wrong!;
        if (KeyFits(http, request) is { } misfit) return misfit;
        var (sum, wrongLine) = Purchases.AmountOf(request);
        if (wrongLine is not null) return wrongLine;
        var amount = sum.Minor;
        return ApiReply.Ok(
            new PurchaseReply
            {
                Customer = request.Customer?.Id ?? "c0000000000000000", Store = request.Store ?? caller.Store?.Value ?? "echo", Receipt = request.Receipt!,
                AmountMinor = amount, ChargeMinor = amount, PointsEarned = amount / 100, Balance = 12_345, Tier = "silver", Version = 123,
            },
            Wire.Json.PurchaseReply);
    }

    private static Domain.Rejection? KeyFits(HttpContext http, PurchaseRequest request)
    {
        var (key, missing) = IdempotencyKeys.Of(http.Request);
        if (key is null) return missing;
        if (InputRules.Receipt(request.Receipt, "receipt") is { } wrong) return wrong;
        return string.Equals(key, request.Receipt, StringComparison.Ordinal) ? null : ApiRejections.IdempotencyKeyNotReceipt.At("receipt");
    }

    /// <summary>POST /v1/purchases/batch.</summary>
    public static async ValueTask<ApiReply> BatchAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (request, wrong) = await BodyReader.ReadAsync(http, Wire.Json.PurchaseBatchRequest, ApiLimits.BatchBodyBytesMax);
        if (request is null) return wrong!;
        // Each purchase counts once by its own receipt; the header is asked for so that every write looks alike.
        var (key, missing) = IdempotencyKeys.Of(http.Request);
        if (key is null) return missing!;
        if (request.Purchases is null) return ApiRejections.MissingField.At("purchases");
        if (request.Purchases.Count > ApiLimits.BatchPurchasesMax) return ApiRejections.TooManyItems.At("purchases");
        return ApiReply.Ok(new PurchaseBatchReply(await PurchaseBatch.RecordAsync(api, caller, request.Purchases)), Wire.Json.PurchaseBatchReply);
    }
}
