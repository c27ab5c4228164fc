using System.Text.Json;

namespace ChainCrm.Client.Verify;

/// <summary>
/// One customer, added up from its entries with nothing but addition and subtraction, and checked entry by entry: each entry's own sums,
/// the lots it takes from, and the balance it says it leaves. Knows nothing of the engine or the domain's code on purpose.
/// </summary>
internal sealed class CustomerLedger
{
    private readonly PurchaseShelf _purchases = new();
    private readonly LotBook _lots = new();
    private readonly LatestVisits _visits = new();
    private StoredValueLedger? _storedValue;
    private CouponLedger? _coupons;
    private BasketLedger? _baskets;
    private TagLedger? _tags;
    private Dictionary<ulong, long>? _returnedMinor;

    /// <summary>Made when it is first asked for: few customers have any.</summary>
    public StoredValueLedger StoredValue => _storedValue ??= new StoredValueLedger();

    /// <summary>The same.</summary>
    public CouponLedger Coupons => _coupons ??= new CouponLedger();

    /// <summary>Stored value, principal and gift apart.</summary>
    public long Principal => _storedValue?.Principal ?? 0;
    public long Gift => _storedValue?.Gift ?? 0;

    /// <summary>How many coupons are held.</summary>
    public int CouponCount => _coupons?.Count ?? 0;

    /// <summary>Made when it is first asked for.</summary>
    public BasketLedger Baskets => _baskets ??= new BasketLedger();

    /// <summary>Made when it is first asked for.</summary>
    public TagLedger Tags => _tags ??= new TagLedger();

    /// <summary>Principal and gift.</summary>
    public long StoredValueSum => _storedValue is { } held ? held.Principal + held.Gift : 0;

    public long Version { get; set; }
    public long Debt { get; private set; }
    public long LotSum => _lots.Sum;
    public long Balance => _lots.Sum - Debt;
    public string? Tier { get; private set; }
    public string? HomeStore { get; private set; }
    public long LifetimeSpendMinor { get; private set; }
    public long PurchaseCount { get; private set; }
    public bool BoughtAtTwoStores { get; private set; }
    public DaySpend Days { get; } = new();

    /// <summary>Points and visits, where tiers ask for them.</summary>
    public VisitLedger Measures { get; } = new();
    /// <summary>The latest day of a purchase with a bonus; null before the first.</summary>
    public int? LastBonusDay { get; set; }
    /// <summary>The day of the latest sale.</summary>
    public int LatestDay { get; private set; }
    /// <summary>Tier before the entry being checked; earning and tier rules need it.</summary>
    public string? TierBefore { get; private set; }

    /// <summary>First and last day of the window by which the tier was last looked at; 0 before the first look.</summary>
    public int TierLookedFrom { get; private set; }
    public int TierLookedAt { get; private set; }

    private string? _firstStore;
    private bool _pointsFrozen;

    public void Enrolled(JsonElement data)
    {
        HomeStore = data.Text("homeStore");
        Tier = data.Text("tier");
    }

    public void ProfileChanged(JsonElement data) => HomeStore = data.Text("homeStore") ?? HomeStore;

    public void Purchased(JsonElement data, string where, Differences differences)
    {
        TierBefore = Tier;
        var amount = 0L;
        var (earned, bonus, inLots) = (0L, 0L, 0L);
        foreach (var line in data.List("lines"))
        {
            amount += line.Number("price") - line.Number("discount");
            earned += line.Number("earned") + line.Number("bonus");
            bonus += line.Number("bonus");
            inLots += line.Number("lotPoints");
        }

        var debtPaid = data.Number("debtPaid");
        differences.Expect(where, "amount = sum of lines", amount, data.Number("amount"));
        differences.Expect(where, "points earned = sum of lines", earned, data.Number("pointsEarned"));
        differences.Expect(where, "bonus = sum of lines", bonus, data.Number("pointsBonus"));
        differences.Expect(where, "points earned = points in lots + debt paid", data.Number("pointsEarned"), inLots + debtPaid);
        var store = data.Text("store");
        differences.Expect(where, "previous store", _visits.StoreBefore(data.Number("occurredAt")), data.Text("previousStore"));
        if (data.Flag("crossStore") != (store != HomeStore)) differences.Add(where, "cross store", $"home store is {HomeStore}", $"{data.Flag("crossStore")} at {store}");

        if (data.TryGetProperty("coupons", out _) || data.TryGetProperty("couponShares", out _)) Coupons.Purchased(data, where, differences);
        if (data.TryGetProperty("storedValueUsed", out _)) StoredValue.Purchased(data, where, differences);
        Spend(data, "lotsUsed", data.Number("pointsUsed"), where, differences);
        if (data.Flag("byInactivity")) MoveEnds(data, where, differences);
        foreach (var line in data.List("lines"))
            if (line.Number("lotPoints") is var points and > 0)
                _lots.Grant(line.Number("lot"), points, data.Number("activeFrom"), data.NumberOrNull("expiresAt"), data.Flag("byInactivity"));
        Debt -= debtPaid;
        LifetimeSpendMinor += data.Number("amount");
        PurchaseCount++;
        LatestDay = Math.Max(LatestDay, (int)data.Number("businessDay"));
        Days.Add((int)data.Number("businessDay"), data.Number("amount"));
        Measures.Purchased(data);
        _purchases.Add(new PurchaseFacts(ReceiptHash(store, data.Text("receipt")), data.Number("amount"), data.Number("pointsEarned"), data.Number("pointsUsed"), GrantCheck.FactsOf(data)));
        _visits.Add(data.Number("occurredAt"), store);
        if (_firstStore is null) _firstStore = store;
        else if (_firstStore != store) BoughtAtTwoStores = true;
    }

    /// <summary>Folds a return; false when its purchase is too old for this ledger to remember.</summary>
    public bool Returned(JsonElement data, string where, Differences differences)
    {
        var (takenBack, debtAdded, givenBack) = (data.Number("pointsTakenBack"), data.Number("debtAdded"), data.Number("pointsGivenBack"));
        TierBefore = Tier;
        differences.Expect(where, "amount = sum of lines", data.Sum("lines", "amount") + data.Number("couponAdjustment"), data.Number("amount"));
        differences.Expect(where, "points taken back = from lots + debt", data.Sum("lotsTaken", "points") + debtAdded, takenBack);
        differences.Expect(where, "points of the lines = taken back + forgiven", data.Sum("lines", "pointsTakenBack"), takenBack + data.Number("pointsForgiven"));
        differences.Expect(where, "points given back = to lots + debt paid", data.Sum("lotsGivenBack", "points") + data.Number("debtPaid"), givenBack);
        if (data.TryGetProperty("couponsBack", out _) || data.TryGetProperty("couponsWithdrawn", out _)) Coupons.Returned(data, where, differences);
        if (data.TryGetProperty("storedValueBackSoFar", out _)) StoredValue.Returned(data, where, differences);
        TakeParts(data, "lotsTaken", where, differences);
        GrantLots(data, "lotsGivenBack", where, differences);
        Debt += debtAdded - data.Number("debtPaid");
        LifetimeSpendMinor -= data.Number("amount");
        Days.Add((int)data.Number("purchaseDay"), -data.Number("amount"));
        Measures.Returned(data);
        return CheckAgainstPurchase(data, where, differences);
    }

    public void Redeemed(JsonElement data, string where, Differences differences)
    {
        Spend(data, "lotsUsed", data.Number("points"), where, differences);
        CheckBalance(data, where, differences);
    }

    /// <summary>Points go to another customer, each with the end it has here.</summary>
    public void Sent(JsonElement data, string where, Differences differences)
    {
        // Made for the receiver: nothing leaves.
        if (data.List("lots").Any())
        {
            var ends = new Dictionary<long, long>();
            foreach (var part in data.List("lotsUsed")) ends[End(_lots.ExpiryOf(part.Number("lot")))] = ends.GetValueOrDefault(End(_lots.ExpiryOf(part.Number("lot")))) + part.Number("points");
            foreach (var lot in data.List("lots")) ends[End(lot.NumberOrNull("expiresAt"))] = ends.GetValueOrDefault(End(lot.NumberOrNull("expiresAt"))) - lot.Number("points");
            if (ends.Values.Any(static left => left != 0)) differences.Add(where, "ends of what is sent", "those of the lots", "others");
            Spend(data, "lotsUsed", data.Number("points"), where, differences);
        }

        CheckBalance(data, where, differences);
    }

    /// <summary>Points come from another customer, or come back from one who could not take them.</summary>
    public void Received(JsonElement data, string list, string where, Differences differences)
    {
        differences.Expect(where, "points = lots and debt", data.Sum(list, "points") + data.Number("debtPaid"), data.Number("points"));
        GrantLots(data, list, where, differences);
        Debt -= data.Number("debtPaid");
        CheckBalance(data, where, differences);
    }

    private static long End(long? end) => end ?? long.MaxValue;

    public void Adjusted(JsonElement data, string where, Differences differences)
    {
        var (paid, added) = (data.Number("debtPaid"), data.Number("debtAdded"));
        var sum = data.Sum("lotsGranted", "points") + paid - data.Sum("lotsTaken", "points") - added;
        differences.Expect(where, "points = lots and debt", sum, data.Number("points"));
        GrantLots(data, "lotsGranted", where, differences);
        TakeParts(data, "lotsTaken", where, differences);
        Debt += added - paid;
        CheckBalance(data, where, differences);
    }

    public void Expired(JsonElement data, string where, Differences differences)
    {
        differences.Expect(where, "points = sum of lots", data.Sum("lots", "points"), data.Number("points"));
        foreach (var part in data.List("lots"))
        {
            if (_lots.ExpiryOf(part.Number("lot")) is not { } end || end > data.Number("at"))
                differences.Add(where, $"lot {part.Number("lot")} expires", "not before its end", "early");
        }

        TakeParts(data, "lots", where, differences);
        CheckBalance(data, where, differences);
    }

    /// <summary>The event names no lots: which they are is worked out here again, and must come to the points that it says.</summary>
    public void Extended(JsonElement data, string where, Differences differences)
    {
        var until = data.Number("until");
        if (until <= data.Number("at")) differences.Add(where, "new end", $"after {data.Number("at")}", $"{until}");
        differences.Expect(where, "points extended", _lots.Extend(until, data.NumberOrNull("endingBy"), data.Number("at")), data.Number("points"));
    }

    /// <summary>Points were frozen, or released.</summary>
    public void PointsFroze(bool frozen, string where, Differences differences)
    {
        if (frozen == _pointsFrozen) differences.Add(where, "freeze of points", frozen ? "not frozen before" : "frozen before", frozen ? "frozen" : "not frozen");
        _pointsFrozen = frozen;
    }

    public void TierMoved(JsonElement data, string where, Differences differences)
    {
        differences.Expect(where, "tier before", Tier, data.Text("from"));
        Tier = data.Text("to");
        if (data.Text("reason") == "spend-missed") TierLooked(data);
    }

    /// <summary>A tier is held for another time.</summary>
    public void TierProlonged(JsonElement data)
    {
        if (data.Text("reason") == "spend-reached-again") TierLooked(data);
    }

    private void TierLooked(JsonElement data) => (TierLookedFrom, TierLookedAt) = ((int)data.Number("windowFrom"), (int)data.Number("windowTo"));

    public void LotsMerged(JsonElement data, string where, Differences differences)
    {
        foreach (var merge in data.List("merges"))
        {
            var sum = 0L;
            foreach (var lot in merge.List("lots"))
            {
                if (_lots.Close(lot.GetInt64()) is { } held) sum += held;
                else differences.Add(where, "merged lot", $"lot {lot.GetInt64()} is not open", "merged");
            }

            if (!merge.TryGetProperty("into", out var into)) continue;
            differences.Expect(where, "points of the merged lot", sum, into.Number("points"));
            Grant(into, where, differences);
        }
    }

    private void Spend(JsonElement data, string list, long points, string where, Differences differences)
    {
        differences.Expect(where, "points used = sum of lots", data.Sum(list, "points"), points);
        if (points == 0) return;
        if (_pointsFrozen) differences.Add(where, "points used", "0 while frozen", $"{points}");
        var latest = long.MinValue;
        foreach (var part in data.List(list)) latest = Math.Max(latest, _lots.ExpiryOf(part.Number("lot")) ?? long.MaxValue);
        TakeParts(data, list, where, differences);
        if (_lots.HasSpendableExpiringBefore(latest, data.Number("at"))) differences.Add(where, "order of burning", "soonest expiry first", "a later lot");
        if (Debt > 0) differences.Add(where, "points used while in debt", "0", $"{points}");
    }

    private void TakeParts(JsonElement data, string list, string where, Differences differences)
    {
        foreach (var part in data.List(list))
            if (_lots.Take(part.Number("lot"), part.Number("points")) is { } wrong)
                differences.Add(where, list, wrong, $"{part.Number("points")} points of lot {part.Number("lot")}");
    }

    private void GrantLots(JsonElement data, string list, string where, Differences differences)
    {
        foreach (var lot in data.List(list)) Grant(lot, where, differences);
    }

    private void Grant(JsonElement lot, string where, Differences differences)
    {
        if (lot.Flag("byInactivity")) MoveEnds(lot, where, differences);
        _lots.Grant(lot.Number("lot"), lot.Number("points"), lot.Number("activeFrom"), lot.NumberOrNull("expiresAt"), lot.Flag("byInactivity"));
    }

    /// <summary>All lots that end by inactivity have one end, and it never moves back.</summary>
    private void MoveEnds(JsonElement data, string where, Differences differences)
    {
        var end = data.Number("expiresAt");
        if (end < _lots.InactivityEnd) differences.Add(where, "end of points by inactivity", $"{_lots.InactivityEnd} or later", $"{end}");
        _lots.MoveEnds(end);
    }

    /// <summary>
    /// The balance a purchase or a return says it leaves. It stands after the whole entry, since points granted after their end (a sale
    /// sent very late) expire in a further event of the same entry.
    /// </summary>
    public void CheckBalanceAfterEntry(JsonElement data, string where, Differences differences) => CheckBalance(data, where, differences);

    private void CheckBalance(JsonElement data, string where, Differences differences)
    {
        differences.Expect(where, "balance after the entry", Balance, data.Number("balance"));
        if (Debt < 0) differences.Add(where, "debt", "0 or more", $"{Debt}");
    }

    private bool CheckAgainstPurchase(JsonElement data, string where, Differences differences)
    {
        var hash = ReceiptHash(data.Text("purchaseStore"), data.Text("purchaseReceipt"));
        if (_purchases.Find(hash) is not { } purchase) return false;
        _returnedMinor ??= [];
        var soFar = _returnedMinor.GetValueOrDefault(hash) + data.Number("amount");
        _returnedMinor[hash] = soFar;
        if (soFar > purchase.AmountMinor) differences.Add(where, "returned in all", $"at most {purchase.AmountMinor}", $"{soFar}");
        var takenSoFar = data.Sum("lines", "pointsTakenBackSoFar");
        if (takenSoFar > purchase.Earned) differences.Add(where, "points taken back in all", $"at most {purchase.Earned}", $"{takenSoFar}");
        if (soFar == purchase.AmountMinor && purchase.AmountMinor > 0) differences.Expect(where, "points taken back when all is returned", purchase.Earned, takenSoFar);
        GrantCheck.Return(purchase, data, isAll: soFar == purchase.AmountMinor, where, differences);
        differences.Expect(where, "amount returned so far", soFar, data.Sum("lines", "amountSoFar") + data.Number("couponAdjustmentSoFar"));
        if (data.Number("pointsGivenBackSoFar") > purchase.PaidWithPoints)
            differences.Add(where, "points given back in all", $"at most {purchase.PaidWithPoints}", $"{data.Number("pointsGivenBackSoFar")}");
        return true;
    }

    private static ulong ReceiptHash(string? store, string? receipt) => TextHash.Of(store ?? "", receipt ?? "");
}
