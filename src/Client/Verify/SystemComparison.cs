using System.Globalization;
using ChainCrm.Client.Wire;

namespace ChainCrm.Client.Verify;

/// <summary>Compares what the journal adds up to with the running system and its read models, which may go on working meanwhile.</summary>
internal sealed class SystemComparison(ChainCrmClient client, JournalReader reader, JournalAudit audit, Differences differences)
{
    /// <summary>Every customer's figures. Customers that moved since their entries were read are read again with the entries in between.</summary>
    public async Task CustomersAsync(Action<long> advanced, CancellationToken cancellation)
    {
        var open = audit.Customers.Keys.Order(StringComparer.Ordinal).ToList();
        for (var round = 0; open.Count > 0; round++)
        {
            var again = new List<string>();
            foreach (var ids in open.Chunk(ClientLimits.AuditIdsMax))
            {
                var reply = await client.CustomerFiguresAsync(new CustomerFiguresRequest { Ids = ids }, cancellation);
                var found = reply.Customers.ToDictionary(figures => figures.Id, StringComparer.Ordinal);
                foreach (var id in ids)
                {
                    if (!found.TryGetValue(id, out var figures)) differences.Add($"customer {id}", "the running system", "has the customer", "does not");
                    else if (figures.Version > audit.Customers[id].Version && round < ClientLimits.VerifyRoundsMax) again.Add(id);
                    else Compare(audit.Customers[id], figures);
                }

                advanced(ids.Length);
            }

            if (again.Count > 0) await reader.ReadToHeadAsync(_ => { }, cancellation);
            open = again;
        }
    }

    /// <summary>Stores and totals, at one journal position that both were read at.</summary>
    public async Task TotalsAsync(CancellationToken cancellation)
    {
        for (var round = 0; round < ClientLimits.VerifyRoundsMax; round++)
        {
            var before = await client.StatsAsync(cancellation);
            var stores = await client.StoresAsync(cancellation);
            var after = await client.StatsAsync(cancellation);
            if (before.Position != after.Position || after.Position < audit.Position)
            {
                // The read models are on their way to where the journal has been read, or moved while they were read: look again shortly.
                await Task.Delay(TimeSpan.FromMilliseconds(20 + (10 * round)), cancellation);
                continue;
            }

            await reader.ReadToAsync(after.Position, cancellation);
            Compare(after);
            Compare(stores);
            return;
        }

        differences.Add("totals", "position", "one that holds still", string.Create(CultureInfo.InvariantCulture, $"moved {ClientLimits.VerifyRoundsMax} times while being read"));
    }

    private void Compare(CustomerLedger expected, CustomerFigures found)
    {
        var where = $"customer {found.Id}";
        differences.Expect(where, "version", expected.Version, found.Version);
        differences.Expect(where, "balance", expected.Balance, found.Balance);
        differences.Expect(where, "points in lots", expected.LotSum, found.LotSum);
        differences.Expect(where, "debt", expected.Debt, found.Debt);
        differences.Expect(where, "tier", expected.Tier, found.Tier);
        differences.Expect(where, "lifetime spend", expected.LifetimeSpendMinor, found.LifetimeSpendMinor);
        differences.Expect(where, "purchases", expected.PurchaseCount, found.PurchaseCount);
        differences.Expect(where, "stored value, principal", expected.Principal, found.PrincipalMinor);
        differences.Expect(where, "stored value, gift", expected.Gift, found.GiftMinor);
        differences.Expect(where, "coupons", expected.CouponCount, found.Coupons);
    }

    private void Compare(StoreList found)
    {
        var byId = found.Stores.ToDictionary(store => store.Id, StringComparer.Ordinal);
        foreach (var (id, expected) in audit.Stores)
        {
            if (!byId.Remove(id, out var store))
            {
                differences.Add($"store {id}", "the list of stores", "has the store", "does not");
                continue;
            }

            differences.Expect($"store {id}", "revenue", expected.RevenueMinor, store.RevenueMinor);
            differences.Expect($"store {id}", "purchases", expected.Purchases, store.Purchases);
            differences.Expect($"store {id}", "sales to nobody known", expected.WalkIns, store.WalkIns);
        }

        foreach (var id in byId.Keys) differences.Add($"store {id}", "the journal", "has the store", "does not");
    }

    private void Compare(StatsReply found)
    {
        differences.Expect("totals", "members", audit.Customers.Count, found.Members);
        differences.Expect("totals", "stores", audit.Stores.Count, found.Stores);
        differences.Expect("totals", "purchases", audit.Purchases, found.Purchases);
        differences.Expect("totals", "sales to nobody known", audit.WalkIns, found.WalkIns);
        differences.Expect("totals", "returns", audit.Returns, found.Returns);
        differences.Expect("totals", "revenue", audit.RevenueMinor, found.RevenueMinor);
        differences.Expect("totals", "points given", audit.PointsGiven, found.PointsGiven);
        differences.Expect("totals", "points used", audit.PointsUsed, found.PointsUsed);
        differences.Expect("totals", "purchases away from home", audit.CrossStorePurchases, found.CrossStorePurchases);
        differences.Expect("totals", "customers with a purchase", audit.Customers.Values.LongCount(customer => customer.PurchaseCount > 0), found.CustomersWithPurchase);
        differences.Expect("totals", "customers at two stores", audit.Customers.Values.LongCount(customer => customer.BoughtAtTwoStores), found.CustomersAtTwoStores);
    }
}
