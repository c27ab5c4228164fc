using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Grains;
using ChainCrm.Grains.Codecs;
using ChainCrm.Silo.Access;
using ChainCrm.Silo.Problems;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Api;

/// <summary>GET /v1/customers/{id}/entries/{version}/receipt: what a counter chooses from when goods come back, straight from the journal.</summary>
internal static class ReceiptEndpoint
{
    /// <summary>The lines of one sale.</summary>
    public static async ValueTask<ApiReply> ShowAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (customer, badId) = Routes.Customer(http);
        if (badId is not null) return badId;
        var (version, badVersion) = Routes.Version(http);
        if (badVersion is not null) return badVersion;
        var grain = new GrainId(caller.Chain, GrainKinds.Customer, customer.Value);
        if (await EntryAsync<PurchaseRecorded>(api, grain, version) is not { } sale) return ApiRejections.NoSuchEntry.At("version");

        var read = await api.Engine.ReadAsync<CustomerState, Bought, LastReturn>(
            grain, new Bought(sale.Store, sale.Receipt), static (state, bought) => new LastReturn(state.LastReturnOf(bought.Store, bought.Receipt)));
        if (read.Rejection is not null) return read.Rejection;
        var returned = read.Value!.Version is { } at ? await EntryAsync<LinesReturned>(api, grain, at) : null;
        return ApiReply.Ok(
            new ReceiptReply
            {
                Customer = customer.Value, Version = version, Store = sale.Store.Value, StoreName = api.Directories.Store(caller.Chain, sale.Store)?.Name,
                Receipt = sale.Receipt, At = MemberCards.TimeOf(sale.OccurredAt), AmountMinor = sale.Amount.Minor, Lines = LinesOf(sale, returned),
            },
            Wire.Json.ReceiptReply);
    }

    private static async ValueTask<T?> EntryAsync<T>(ApiServices api, GrainId grain, long version) where T : class
    {
        var found = await api.Journal.ReadStreamBackwardAsync(grain.Stream, version + 1, 1);
        return found is [var written] && written.Version == version ? EntryReplies.Find<T>(EntryCodec.Decode(written)) : null;
    }

    private static ReceiptLineView[] LinesOf(PurchaseRecorded sale, LinesReturned? returned)
    {
        var back = (returned?.Lines ?? []).ToDictionary(line => line.Line);
        var views = new ReceiptLineView[sale.Lines.Count];
        for (var i = 0; i < views.Length; i++)
        {
            var line = sale.Lines[i];
            var came = back.GetValueOrDefault(line.Line);
            views[i] = new ReceiptLineView
            {
                Line = line.Line,
                Product = line.Product.Value,
                Category = line.Category,
                Brand = line.Brand,
                Quantity = line.Quantity.Milli / MilliOfOne,
                AmountMinor = (line.Price - line.Discount).Minor,
                BackQuantity = (came?.QuantitySoFar.Milli ?? 0) / MilliOfOne,
                BackMinor = came?.AmountSoFar.Minor ?? 0,
                // A line without quantity comes back whole or not at all.
                Back = came is not null && came.QuantitySoFar.Milli >= line.Quantity.Milli,
            };
        }

        return views;
    }

    private const decimal MilliOfOne = 1_000m;

    private readonly record struct Bought(StoreId Store, string Receipt);

    private sealed record LastReturn(long? Version);
}
