using System.Globalization;
using System.Text.Json;
using ChainCrm.Client.Wire;

namespace ChainCrm.Client.Verify;

/// <summary>What a store sums up to.</summary>
internal sealed class StoreLedger
{
    public long RevenueMinor { get; set; }
    public long Purchases { get; set; }
    public long WalkIns { get; set; }
}

/// <summary>Reads the journal from its first entry and adds everything up again.</summary>
internal sealed class JournalAudit(Differences differences)
{
    private readonly Dictionary<string, long> _versions = new(StringComparer.Ordinal);
    private readonly HashSet<ulong> _commands = [];
    private readonly Dictionary<string, CustomerLedger> _customers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StoreLedger> _stores = new(StringComparer.Ordinal);
    private readonly Dictionary<int, ProgrammeRules> _programmes = [];
    private readonly TransferLedger _transfers = new();
    private readonly SortedDictionary<string, long> _notChecked = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, CustomerLedger> Customers => _customers;
    public IReadOnlyDictionary<string, StoreLedger> Stores => _stores;
    /// <summary>What could not be checked, by reason.</summary>
    public IReadOnlyDictionary<string, long> NotChecked => _notChecked;
    public long Position { get; private set; }
    public long Entries { get; private set; }
    public long Events { get; private set; }
    public long Purchases { get; private set; }
    public long WalkIns { get; private set; }
    public long Returns { get; private set; }
    public long RevenueMinor { get; private set; }
    public long PointsGiven { get; private set; }
    public long PointsUsed { get; private set; }
    /// <summary>Points that have left a customer and not reached another yet.</summary>
    public long PointsOnTheWay => _transfers.OnTheWay;
    public long CrossStorePurchases { get; private set; }

    /// <summary>Rules that stand in no entry, such as the built-in ones.</summary>
    public void Know(int version, ProgrammeRules rules) => _programmes.TryAdd(version, rules);

    /// <summary>Folds one entry.</summary>
    public void Add(JournalEntryView entry)
    {
        entry = CompactPurchase.LongForm(entry);
        Entries++;
        var where = string.Create(CultureInfo.InvariantCulture, $"{entry.Stream} {entry.Version}");
        if (entry.Position <= Position) differences.Add(where, "position", $"above {Position}", $"{entry.Position}");
        Position = entry.Position;
        differences.Expect(where, "version without a gap", _versions.GetValueOrDefault(entry.Stream) + 1, entry.Version);
        _versions[entry.Stream] = entry.Version;
        if (!_commands.Add(TextHash.Of(entry.Stream, entry.CommandId))) differences.Add(where, "command once", "a new command", entry.CommandId);

        var key = entry.Stream[(entry.Stream.LastIndexOf('/') + 1)..];
        foreach (var happened in entry.Events)
        {
            Events++;
            if (happened.Type.StartsWith("customer.", StringComparison.Ordinal)) FoldCustomer(key, entry, happened, where);
            else if (happened.Type.StartsWith("store.", StringComparison.Ordinal)) FoldStore(key, entry, happened, where);
            else if (happened.Type == "programme.published.1") FoldProgramme(happened.Data, where);
        }

        if (_customers.TryGetValue(key, out var customer) && entry.Events.Any(e => e.Type.StartsWith("customer.", StringComparison.Ordinal)))
        {
            customer.Version = entry.Version;
            CheckAfter(customer, entry, where);
        }
    }

    private void FoldCustomer(string id, JournalEntryView entry, JournalEventView happened, string where)
    {
        var data = happened.Data;
        if (!_customers.TryGetValue(id, out var customer))
        {
            if (happened.Type != "customer.enrolled.1") differences.Add(where, "first entry", "customer.enrolled.1", happened.Type);
            _customers.Add(id, customer = new CustomerLedger());
        }

        switch (happened.Type)
        {
            case "customer.enrolled.1":
                customer.Enrolled(data);
                break;
            case "customer.profile-changed.1":
                customer.ProfileChanged(data);
                break;
            case CompactPurchase.LongType:
                Purchase(customer, entry, data, where);
                break;
            case "customer.lines-returned.1":
                Return(customer, data, where);
                break;
            case "customer.points-redeemed.1":
                PointsUsed += data.Number("points");
                customer.Redeemed(data, where, differences);
                break;
            case "customer.points-adjusted.1":
                PointsGiven += Math.Max(0, data.Number("points"));
                customer.Adjusted(data, where, differences);
                break;
            case "customer.points-expired.1":
                customer.Expired(data, where, differences);
                break;
            case "customer.delivery-sent.1":
                customer.Sent(data, where, differences);
                _transfers.HasSent(id, data, where, differences);
                break;
            case "customer.delivery-received.1":
                customer.Received(data, "lotsGranted", where, differences);
                _transfers.WasReceived(id, data, where, differences);
                break;
            case "customer.delivery-arrived.1":
                _transfers.HasArrived(id, data, where, differences);
                break;
            case "customer.delivery-given-back.1":
                customer.Received(data, "lotsGivenBack", where, differences);
                _transfers.CameBack(id, data, where, differences);
                break;
            case "customer.points-extended.1":
                customer.Extended(data, where, differences);
                break;
            case "customer.points-frozen.1":
            case "customer.points-released.1":
                customer.PointsFroze(happened.Type == "customer.points-frozen.1", where, differences);
                break;
            case "customer.tier-changed.1":
                customer.TierMoved(data, where, differences);
                break;
            case "customer.tier-prolonged.1":
            case "customer.tier-forecast.1":
                differences.Expect(where, "tier", customer.Tier, data.Text("tier"));
                if (happened.Type == "customer.tier-prolonged.1") customer.TierProlonged(data);
                break;
            case "customer.lots-merged.1":
                customer.LotsMerged(data, where, differences);
                break;
            case "customer.stored-value-topped-up.1":
                customer.StoredValue.ToppedUp(data, where, differences);
                break;
            case "customer.stored-value-refunded.1":
                customer.StoredValue.Refunded(data, where, differences);
                break;
            case "customer.stored-value-frozen.1":
            case "customer.stored-value-released.1":
                customer.StoredValue.Froze(happened.Type == "customer.stored-value-frozen.1", where, differences);
                break;
            case "customer.coupons-issued.1":
                customer.Coupons.Issued(data, where, differences);
                break;
            case "customer.coupon-revoked.1":
                customer.Coupons.Revoked(data, where, differences);
                break;
            case "customer.coupons-expired.1":
                customer.Coupons.Expired(data, where, differences);
                break;
            case "customer.tag-added.1":
                customer.Tags.Added(_programmes.GetValueOrDefault(entry.Programme), data, where, differences);
                break;
            case "customer.tag-removed.1":
                customer.Tags.Removed(data, where, differences);
                break;
            case "customer.basket-opened.1":
                customer.Baskets.Opened(entry.Version, data, customer.StoredValueSum, where, differences);
                break;
            case "customer.basket-changed.1":
                customer.Baskets.Changed(data, customer.StoredValueSum, where, differences);
                break;
            case "customer.basket-cancelled.1":
            case "customer.basket-committed.1":
                customer.Baskets.Closed(data, where, differences);
                break;
            case "customer.baskets-expired.1":
                customer.Baskets.Expired(data, where, differences);
                break;
            default:
                differences.Add(where, "event", "one that verify knows", happened.Type);
                break;
        }
    }

    private void Purchase(CustomerLedger customer, JournalEntryView entry, JsonElement data, string where)
    {
        var store = data.Text("store") ?? "";
        differences.Expect(where, "command id", $"{store}/{data.Text("receipt")}", entry.CommandId);
        customer.Purchased(data, where, differences);
        var ledger = Store(store);
        ledger.Purchases++;
        ledger.RevenueMinor += data.Number("amount");
        Purchases++;
        RevenueMinor += data.Number("amount");
        PointsGiven += data.Number("pointsEarned");
        PointsUsed += data.Number("pointsUsed");
        if (data.Flag("crossStore")) CrossStorePurchases++;
        if (_programmes.TryGetValue(entry.Programme, out var rules))
        {
            EarningCheck.Purchase(rules, customer, data, where, differences);
            PriceCheck.Purchase(rules, data, where, differences);
            if (rules.AskedTags.Count > 0) customer.Tags.Purchased(rules, data, where, differences);
        }
        else NotCheckedBecause("purchases decided by rules that stand in no entry: points and tier not recomputed");
    }

    private void Return(CustomerLedger customer, JsonElement data, string where)
    {
        var store = Store(data.Text("purchaseStore") ?? "");
        store.RevenueMinor -= data.Number("amount");
        Returns++;
        RevenueMinor -= data.Number("amount");
        if (!customer.Returned(data, where, differences)) NotCheckedBecause("returns of purchases too old to remember: not compared with the purchase");
    }

    private void FoldStore(string id, JournalEntryView entry, JournalEventView happened, string where)
    {
        switch (happened.Type)
        {
            case "store.opened.1":
                differences.Expect(where, "store id", id, happened.Data.Text("store"));
                Store(id);
                break;
            case "store.walk-in-recorded.1":
                differences.Expect(where, "command id", $"{id}/{happened.Data.Text("receipt")}", entry.CommandId);
                var store = Store(id);
                store.WalkIns++;
                store.RevenueMinor += happened.Data.Number("amount");
                WalkIns++;
                RevenueMinor += happened.Data.Number("amount");
                break;
            case "store.changed.1" or "store.closed.1" or "store.reopened.1":
                break;
            default:
                differences.Add(where, "event", "one that verify knows", happened.Type);
                break;
        }
    }

    private void FoldProgramme(JsonElement data, string where)
    {
        var version = (int)data.Number("version");
        try
        {
            _programmes[version] = ProgrammeRules.Read(data.Text("document") ?? "");
        }
        catch (JsonException broken)
        {
            differences.Add(where, "programme document", "JSON", broken.Message);
        }
    }

    /// <summary>What an entry says of the customer as it leaves it.</summary>
    private void CheckAfter(CustomerLedger customer, JournalEntryView entry, string where)
    {
        _programmes.TryGetValue(entry.Programme, out var rules);
        foreach (var happened in entry.Events)
        {
            if (happened.Type is CompactPurchase.LongType or "customer.lines-returned.1")
            {
                customer.CheckBalanceAfterEntry(happened.Data, where, differences);
                differences.Expect(where, "tier after the entry", customer.Tier, happened.Data.Text("tier"));
            }

            if (rules is null) continue;
            if (happened.Type == CompactPurchase.LongType) TierCheck.AfterPurchase(rules, customer, happened.Data, where, differences);
            else if (happened.Type == "customer.lines-returned.1") TierCheck.AfterReturn(rules, customer, happened.Data, where, differences);
            else if (happened.Type == "customer.tier-changed.1") TierCheck.Change(rules, customer, happened.Data, where, differences);
        }
    }

    private StoreLedger Store(string id)
    {
        if (!_stores.TryGetValue(id, out var store)) _stores.Add(id, store = new StoreLedger());
        return store;
    }

    private void NotCheckedBecause(string reason) => _notChecked[reason] = _notChecked.GetValueOrDefault(reason) + 1;
}
