using System.Globalization;
using ChainCrm.Client.Wire;

namespace ChainCrm.Client;

/// <summary>The calls of tills: customers and their sales.</summary>
public sealed partial class ChainCrmClient
{
    /// <summary>Enrols a member.</summary>
    public Task<EnrolReply> EnrolAsync(EnrolRequest request, string idempotencyKey, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Post, "/v1/customers", request, WireJson.Default.EnrolRequest, Key(idempotencyKey), WireJson.Default.EnrolReply, cancellation);

    /// <summary>Changes a profile; fields left out stay.</summary>
    public Task<ProfileReply> ChangeProfileAsync(string customer, ChangeProfileRequest request, string idempotencyKey, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Patch, $"/v1/customers/{Escape(customer)}", request, WireJson.Default.ChangeProfileRequest, Key(idempotencyKey), WireJson.Default.ProfileReply, cancellation);

    /// <summary>The member card of a customer.</summary>
    public Task<MemberCard> CustomerAsync(string customer, CancellationToken cancellation = default) =>
        GetAsync($"/v1/customers/{Escape(customer)}", WireJson.Default.MemberCard, cancellation);

    /// <summary>A page of customers by id.</summary>
    public Task<CustomerPage> CustomersAsync(string? after, int limit, CancellationToken cancellation = default) =>
        GetAsync(
            string.Create(CultureInfo.InvariantCulture, $"/v1/customers?limit={limit}") + (after is null ? "" : $"&after={Escape(after)}"),
            WireJson.Default.CustomerPage, cancellation);

    /// <summary>Who is it: the whole member card by id, phone, card or external id. The value travels in the body, never in the address.</summary>
    public Task<MemberCard> IdentifyAsync(CustomerKey key, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Post, "/v1/identify", key, WireJson.Default.CustomerKey, null, WireJson.Default.MemberCard, cancellation);

    /// <summary>A page of a customer's statement, newest first.</summary>
    public Task<StatementPage> StatementAsync(string customer, long? before, int limit, CancellationToken cancellation = default) =>
        GetAsync(
            string.Create(CultureInfo.InvariantCulture, $"/v1/customers/{Escape(customer)}/statement?limit={limit}")
                + (before is { } version ? string.Create(CultureInfo.InvariantCulture, $"&before={version}") : ""),
            WireJson.Default.StatementPage, cancellation);

    /// <summary>Records a sale. Its receipt number is the idempotency key.</summary>
    public Task<PurchaseReply> PurchaseAsync(PurchaseRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return SendAsync(HttpMethod.Post, "/v1/purchases", request, WireJson.Default.PurchaseRequest, Key(request.Receipt), WireJson.Default.PurchaseReply, cancellation);
    }

    /// <summary>Records up to <see cref="ClientLimits.BatchPurchasesMax"/> sales, each decided by itself; results in the order of the request.</summary>
    public Task<PurchaseBatchReply> PurchaseBatchAsync(PurchaseBatchRequest request, string idempotencyKey, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Post, "/v1/purchases/batch", request, WireJson.Default.PurchaseBatchRequest, Key(idempotencyKey), WireJson.Default.PurchaseBatchReply, cancellation);

    /// <summary>Takes lines of a purchase back.</summary>
    public Task<ReturnReply> ReturnAsync(ReturnRequest request, string idempotencyKey, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Post, "/v1/returns", request, WireJson.Default.ReturnRequest, Key(idempotencyKey), WireJson.Default.ReturnReply, cancellation);

    /// <summary>What a return would come to. Changes nothing.</summary>
    public Task<ReturnQuoteReply> QuoteReturnAsync(ReturnRequest request, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Post, "/v1/returns/quote", request, WireJson.Default.ReturnRequest, null, WireJson.Default.ReturnQuoteReply, cancellation);

    /// <summary>Spends points on a gift.</summary>
    public Task<PointsReply> RedeemAsync(RedeemRequest request, string idempotencyKey, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Post, "/v1/redemptions", request, WireJson.Default.RedeemRequest, Key(idempotencyKey), WireJson.Default.PointsReply, cancellation);

    /// <summary>Gives a customer coupons.</summary>
    public Task<CouponsReply> IssueCouponsAsync(IssueCouponsRequest request, string idempotencyKey, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Post, "/v1/coupons", request, WireJson.Default.IssueCouponsRequest, Key(idempotencyKey), WireJson.Default.CouponsReply, cancellation);

    /// <summary>A customer shows a printed code.</summary>
    public Task<CouponsReply> ClaimCouponCodeAsync(ClaimCodeRequest request, string idempotencyKey, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Post, "/v1/coupons/codes/claims", request, WireJson.Default.ClaimCodeRequest, Key(idempotencyKey), WireJson.Default.CouponsReply, cancellation);

    /// <summary>A page of the codes of a batch, to be printed.</summary>
    public Task<CodePage> CouponCodesAsync(int batch, long from, int limit, CancellationToken cancellation = default) =>
        GetAsync(string.Create(CultureInfo.InvariantCulture, $"/v1/coupons/codes?batch={batch}&from={from}&limit={limit}"), WireJson.Default.CodePage, cancellation);

    /// <summary>Takes a coupon away.</summary>
    public Task<CouponRevokedReply> RevokeCouponAsync(RevokeCouponRequest request, string idempotencyKey, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Post, "/v1/coupons/revocations", request, WireJson.Default.RevokeCouponRequest, Key(idempotencyKey), WireJson.Default.CouponRevokedReply, cancellation);

    /// <summary>A customer gives points to another.</summary>
    public Task<TransferReply> TransferPointsAsync(TransferRequest request, string idempotencyKey, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Post, "/v1/points/transfers", request, WireJson.Default.TransferRequest, Key(idempotencyKey), WireJson.Default.TransferReply, cancellation);

    /// <summary>Freezes a customer's points or releases them.</summary>
    public Task<PointsFreezeReply> FreezePointsAsync(FreezeRequest request, string idempotencyKey, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Post, "/v1/points/freezes", request, WireJson.Default.FreezeRequest, Key(idempotencyKey), WireJson.Default.PointsFreezeReply, cancellation);

    /// <summary>Puts a tag on a customer; for headquarters.</summary>
    public Task<TagReply> AddTagAsync(string customer, AddTagRequest request, string idempotencyKey, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Post, $"/v1/customers/{Escape(customer)}/tags", request, WireJson.Default.AddTagRequest, Key(idempotencyKey), WireJson.Default.TagReply, cancellation);

    /// <summary>Takes a tag off a customer; for headquarters.</summary>
    public Task<TagReply> RemoveTagAsync(string customer, RemoveTagRequest request, string idempotencyKey, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Post, $"/v1/customers/{Escape(customer)}/tags/removals", request, WireJson.Default.RemoveTagRequest, Key(idempotencyKey), WireJson.Default.TagReply, cancellation);

    /// <summary>Lets open points of a customer end later; for headquarters.</summary>
    public Task<PointsExtendedReply> ExtendPointsAsync(string customer, ExtendPointsRequest request, string idempotencyKey, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Post, $"/v1/customers/{Uri.EscapeDataString(customer)}/points/extensions", request, WireJson.Default.ExtendPointsRequest, Key(idempotencyKey), WireJson.Default.PointsExtendedReply, cancellation);

    /// <summary>Gives or takes points by hand.</summary>
    public Task<PointsReply> AdjustAsync(AdjustRequest request, string idempotencyKey, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Post, "/v1/adjustments", request, WireJson.Default.AdjustRequest, Key(idempotencyKey), WireJson.Default.PointsReply, cancellation);

    /// <summary>Passes a purchase through the server's HTTP path without its engine; for measuring.</summary>
    public Task<PurchaseReply> EchoAsync(PurchaseRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return SendAsync(HttpMethod.Post, "/v1/bench/echo", request, WireJson.Default.PurchaseRequest, Key(request.Receipt), WireJson.Default.PurchaseReply, cancellation);
    }

    /// <summary>A key that is missing or too long is the caller's mistake and is found before anything is sent.</summary>
    private static string Key(string? idempotencyKey)
    {
        ArgumentException.ThrowIfNullOrEmpty(idempotencyKey);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(idempotencyKey.Length, ClientLimits.IdempotencyKeyLengthMax, nameof(idempotencyKey));
        return idempotencyKey;
    }
}
