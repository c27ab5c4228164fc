using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Grains;
using ChainCrm.Silo.Access;
using ChainCrm.Silo.Problems;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Api;

/// <summary>What headquarters and auditors look at: totals, the journal, the figures of customers as the engine holds them.</summary>
internal static class OfficeEndpoints
{
    /// <summary>GET /v1/stats.</summary>
    public static async ValueTask<ApiReply> StatsAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var totals = await api.ReadModels.TotalsAsync(caller.Chain);
        return ApiReply.Ok(
            new StatsReply
            {
                Position = totals.Position,
                Head = api.Engine.Feed.Head,
                Members = totals.Members,
                Stores = api.Directories.Stores(caller.Chain).Count,
                Purchases = totals.Purchases,
                WalkIns = totals.WalkIns,
                Returns = totals.Returns,
                RevenueMinor = totals.RevenueMinor,
                PointsGiven = totals.PointsGiven,
                PointsUsed = totals.PointsUsed,
                CrossStorePurchases = totals.CrossStorePurchases,
                CustomersAtTwoStores = totals.CustomersAtTwoStores,
                CustomersWithPurchase = totals.CustomersWithPurchase,
            },
            Wire.Json.StatsReply);
    }

    /// <summary>GET /v1/journal?after&amp;limit.</summary>
    public static async ValueTask<ApiReply> JournalAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (after, badAfter) = Routes.Number(http, "after", 0, 0, long.MaxValue);
        if (badAfter is not null) return badAfter;
        var (limit, badLimit) = Routes.Number(http, "limit", ApiLimits.JournalPageDefault, 1, ApiLimits.JournalPageMax);
        if (badLimit is not null) return badLimit;
        // The head is taken first: a page never claims to be complete up to an entry it does not hold.
        var head = api.Journal.Head;
        while (true)
        {
            var entries = await api.Journal.ReadAfterAsync(after, (int)limit);
            var views = JournalViews.Of(caller.Chain, entries);
            // A stretch in which only other chains wrote is no end: an empty page says that there is nothing more.
            if (views.Count > 0 || entries.Count < limit) return ApiReply.Ok(new JournalPage(views, head), Wire.Json.JournalPage);
            after = entries[^1].Position;
        }
    }

    /// <summary>POST /v1/audit/customers.</summary>
    public static async ValueTask<ApiReply> AuditAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (request, wrong) = await BodyReader.ReadAsync(http, Wire.Json.CustomerFiguresRequest);
        if (request is null) return wrong!;
        if (request.Ids is null) return ApiRejections.MissingField.At("ids");
        if (request.Ids.Count > ApiLimits.AuditCustomersMax) return ApiRejections.TooManyItems.At("ids");
        for (var i = 0; i < request.Ids.Count; i++)
            if (InputRules.Id(request.Ids[i], $"ids[{i}]") is { } badId) return badId;

        var figures = new CustomerFigures[request.Ids.Count];
        Rejection? refused = null;
        await Parallel.ForAsync(0, figures.Length, new ParallelOptions { MaxDegreeOfParallelism = ApiLimits.ReadParallelMax }, async (i, _) =>
        {
            var id = request.Ids[i];
            var read = await api.Engine.ReadAsync<CustomerState, string, CustomerFigures>(
                new GrainId(caller.Chain, GrainKinds.Customer, id), id, static (state, id) => FiguresOf(state, id));
            if (read.Rejection is not null) refused = read.Rejection;
            else figures[i] = read.Value!;
        });
        return refused is not null ? refused : ApiReply.Ok(new CustomerFiguresReply(figures), Wire.Json.CustomerFiguresReply);
    }

    private static CustomerFigures FiguresOf(CustomerState state, string id) => new()
    {
        Id = id,
        Version = state.Version,
        Balance = state.Balance.Count,
        Debt = state.Debt.Count,
        LotSum = state.LotSum.Count,
        Tier = state.IsEnrolled ? state.Tier.Value : "",
        LifetimeSpendMinor = state.LifetimeSpend.Minor,
        PurchaseCount = state.PurchaseCount,
        PrincipalMinor = state.StoredValue.Principal.Minor,
        GiftMinor = state.StoredValue.Gift.Minor,
        Coupons = state.Coupons.Length,
    };
}
