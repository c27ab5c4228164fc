using ChainCrm.Client.Wire;

namespace ChainCrm.Client;

/// <summary>The calls of tills that hold something for a customer before the sale.</summary>
public sealed partial class ChainCrmClient
{
    /// <summary>What a purchase would come to. Changes nothing.</summary>
    public Task<QuoteReply> QuoteAsync(QuoteRequest request, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Post, "/v1/baskets/quote", request, WireJson.Default.QuoteRequest, null, WireJson.Default.QuoteReply, cancellation);

    /// <summary>Opens a basket.</summary>
    public Task<BasketReply> OpenBasketAsync(BasketRequest request, string idempotencyKey, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Post, "/v1/baskets", request, WireJson.Default.BasketRequest, Key(idempotencyKey), WireJson.Default.BasketReply, cancellation);

    /// <summary>An open basket.</summary>
    public Task<BasketReply> BasketAsync(string basket, CancellationToken cancellation = default) =>
        GetAsync($"/v1/baskets/{Escape(basket)}", WireJson.Default.BasketReply, cancellation);

    /// <summary>Changes what a basket holds, and begins its time anew.</summary>
    public Task<BasketReply> ChangeBasketAsync(string basket, BasketChangeRequest request, string idempotencyKey, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Patch, $"/v1/baskets/{Escape(basket)}", request, WireJson.Default.BasketChangeRequest, Key(idempotencyKey), WireJson.Default.BasketReply, cancellation);

    /// <summary>Gives a basket up.</summary>
    public Task<BasketReply> CancelBasketAsync(string basket, string idempotencyKey, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Delete, $"/v1/baskets/{Escape(basket)}", null, Key(idempotencyKey), WireJson.Default.BasketReply, cancellation);
}
