using System.Text.Json;
using ChainCrm.Journal;

namespace ChainCrm.Simulation;

/// <summary>
/// One customer's coupons by arithmetic over the events' JSON alone, written from docs/domain/coupons.md: each is issued once, used, taken away or ended only while it is held, and comes back
/// only after it was used; nobody gets more than the programme allows; what they take off stands in the lines.
/// </summary>
internal sealed class CouponBook(Punctuality punctuality, BasketBook baskets)
{
    private const long DayMs = 86_400_000;
    private const int ReturnedMost = 400;
    private readonly Dictionary<long, HeldCouponOfJournal> _held = [];
    private readonly Dictionary<long, IssuedOfJournal> _issued = [];
    private readonly Dictionary<(string Kind, string Per, string Period), long> _counts = [];
    private readonly Dictionary<string, CouponReceipt> _receipts = new(StringComparer.Ordinal);
    private readonly HashSet<long> _voids = [];
    private JournalEntry _entry = null!;
    private string? _receipt;

    public int Issued { get; private set; }

    public int ByRules { get; private set; }

    public int Used { get; private set; }

    public int Back { get; private set; }

    public int Withdrawn { get; private set; }

    public int Ended { get; private set; }

    public int Skipped { get; private set; }

    /// <summary>The numbers of all that are held, as whoever reads them prints them; null for none.</summary>
    public string? Held => _held.Count == 0 ? null : string.Join(' ', _held.Keys.Order());

    /// <summary>When the first one ends; 0 for never.</summary>
    public long NextEnd => _held.Values.Select(coupon => coupon.Until).Where(until => until != 0).DefaultIfEmpty(0).Min();

    public void Begin(JournalEntry entry) => (_entry, _receipt) = (entry, null);

    public void Fold(string name, JsonElement data, CouponsOfJournal terms, List<string> wrong)
    {
        switch (name)
        {
            case "customer.coupons-issued.1":
                foreach (var coupon in data.List("coupons"))
                    Issue(coupon, data, terms, wrong);
                break;
            case "customer.coupon-revoked.1":
                Take(data, "taken away", wrong);
                break;
            case "customer.coupons-expired.1":
                foreach (var coupon in data.List("coupons"))
                    End(coupon, data.Number("at"), wrong);
                break;
            case "customer.purchase-recorded.1":
                Bought(data, terms, wrong);
                break;
            case "customer.lines-returned.1":
                Returned(data, terms, wrong);
                break;
            case "customer.basket-opened.1" or "customer.basket-changed.1":
                foreach (var number in data.List("coupons"))
                    Promise(number.GetInt64(), data, terms, wrong);
                break;
            default:
                // Nothing of a coupon.
                break;
        }
    }

    /// <summary>Nothing that is over is still there when everything had its time.</summary>
    public void CheckEnd(string stream)
    {
        foreach (var (number, coupon) in _held)
            punctuality.StillThere(stream, $"coupon {number}", coupon.Until);
    }

    private void Issue(JsonElement coupon, JsonElement data, CouponsOfJournal terms, List<string> wrong)
    {
        var (number, kind, rule) = (coupon.Number("number"), coupon.Text("kind")!, coupon.Text("rule"));
        var (from, until) = (coupon.Number("from"), coupon.Number("until"));
        Issued++;
        ByRules += rule is null ? 0 : 1;
        if (from < data.Number("at") || (until != 0 && until <= from))
            wrong.Add($"coupon {number} is issued at {data.Number("at")} for {from} to {until}");
        if (!terms.Kinds.TryGetValue(kind, out var known) || !known.Enabled || (rule is not null && !terms.Rules.ContainsKey(rule)))
            wrong.Add($"coupon {number} of kind {kind} is issued by {rule ?? "hand"}, and the programme does not");
        if ((rule is null) != (data.Text("reason") is { Length: > 0 }))
            wrong.Add($"coupon {number} is issued by {rule ?? "hand"} for the reason {data.Text("reason")}");
        var per = known is { MostEach: > 0 } ? known.Per : "";
        if (!_issued.TryAdd(number, new IssuedOfJournal(kind, per, PublishedRules.PeriodOf(per, data.Number("day")))))
            wrong.Add($"coupon {number} is issued twice");
        if (Count(number, 1) is var count && known is { MostEach: > 0 } && count > known.MostEach)
            wrong.Add($"{count} coupons of kind {kind} were issued {per}, {known.MostEach} may be");
        _held[number] = new HeldCouponOfJournal(kind, from, until, _entry.TimeMs);
        if (_receipt is { } receipt && rule is not null)
            _receipts[receipt].Brought[number] = terms.Rules.GetValueOrDefault(rule, "");
        if (_held.Count > ReturnedMost)
            wrong.Add($"{_held.Count} coupons are held");
    }

    private void Bought(JsonElement data, CouponsOfJournal terms, List<string> wrong)
    {
        var (at, lines) = (data.Number("at"), data.List("lines").ToList());
        _receipt = $"{data.Text("store")}/{data.Text("receipt")}";
        var receipt = _receipts[_receipt] = new CouponReceipt(data.Number("amount"), lines.ToDictionary(line => line.Number("line"), line => line.Number("quantity")));
        long[] shares = [.. data.List("couponShares").Select(share => share.GetInt64())];
        var discounts = 0L;
        var kinds = new List<CouponKindOfJournal>();
        foreach (var use in data.List("coupons"))
        {
            var number = use.Number("number");
            Used++;
            discounts += use.Number("discount");
            if (use.Number("discount") < 1)
                wrong.Add($"coupon {number} is used for {use.Number("discount")}");
            if (baskets.IsCouponHeld(number, at))
                wrong.Add($"coupon {number} is used, and held by others");
            if (_held.TryGetValue(number, out var held) && (held.From > at || (held.Until != 0 && held.Until <= at) || held.Until != use.Number("until")))
                wrong.Add($"coupon {number} of {held.From} to {held.Until} is used at {at}, until {use.Number("until")}");
            if (terms.Kinds.TryGetValue(use.Text("kind")!, out var kind))
                kinds.Add(kind);
            else
                wrong.Add($"coupon {number} is of kind {use.Text("kind")}, which the programme does not know");
            receipt.Used[number] = use.Number("until");
            Take(use, "used", wrong);
        }

        Skipped += data.List("couponsSkipped").Count();
        CheckStack(kinds, terms, wrong);
        if (shares.Length != (kinds.Count == 0 ? 0 : lines.Count) || discounts != shares.Sum())
            wrong.Add($"coupons take {discounts} off {_receipt}, the shares of its {lines.Count} lines are {string.Join(' ', shares)}");
        for (var i = 0; i < shares.Length; i++)
            if (shares[i] < 0 || shares[i] > lines[i].Number("discount") || lines[i].Number("discount") > lines[i].Number("price"))
                wrong.Add($"coupons take {shares[i]} off line {i} of {_receipt}, its discount is {lines[i].Number("discount")} of {lines[i].Number("price")}");
        var goods = lines.Sum(line => line.Number("price") - line.Number("discount")) + shares.Sum();
        if (data.Number("amount") + discounts != goods)
            wrong.Add($"{_receipt} comes to {data.Number("amount")} and {discounts} off by coupons, its goods to {goods}");
    }

    private void CheckStack(List<CouponKindOfJournal> kinds, CouponsOfJournal terms, List<string> wrong)
    {
        if (kinds.Count > 1 && kinds.Exists(kind => kind.Alone))
            wrong.Add($"{_receipt} has a coupon that goes with no other among {kinds.Count}");
        if (kinds.GroupBy(kind => kind).Any(same => terms.Kinds.Values.Count(kind => kind == same.Key) == 1 && same.Count() > same.Key.PerReceipt))
            wrong.Add($"{_receipt} has more coupons of a kind than go on one receipt");
        if (kinds.GroupBy(kind => kind.Category).Any(same => same.Count() > terms.PerReceipt[same.Key]))
            wrong.Add($"{_receipt} has more coupons of a category than go on one receipt");
    }

    private void Returned(JsonElement data, CouponsOfJournal terms, List<string> wrong)
    {
        var name = $"{data.Text("purchaseStore")}/{data.Text("purchaseReceipt")}";
        if (!_receipts.TryGetValue(name, out var receipt))
            return;
        foreach (var gone in data.List("couponsWithdrawn"))
        {
            Withdrawn++;
            if (!receipt.Brought.ContainsKey(gone.Number("number")) || !receipt.Gone.Add(gone.Number("number")))
                wrong.Add($"coupon {gone.Number("number")} goes with {name}, which did not bring it, or goes twice");
            Count(gone.Number("number"), -1);
            Take(gone, "withdrawn", wrong);
        }

        foreach (var number in data.List("couponsVoided").Select(number => number.GetInt64()))
        {
            if (!receipt.Brought.ContainsKey(number) || !receipt.Gone.Add(number) || _held.ContainsKey(number) || !_voids.Add(number))
                wrong.Add($"coupon {number} is void with {name}, which did not bring it, or it is held, or void twice");
        }

        foreach (var number in data.List("couponsWithdrawnSoFar"))
            receipt.Gone.Add(number.GetInt64());
        var returned = data.List("couponsBack").ToDictionary(coupon => coupon.Number("number"));
        foreach (var coupon in returned.Values)
            GiveBack(coupon, receipt, data.Number("at"), terms, name, wrong);
        receipt.Add(data, returned, terms.GraceDays == 0, _voids, _held.Count >= ReturnedMost, wrong);
    }

    private void GiveBack(JsonElement coupon, CouponReceipt receipt, long at, CouponsOfJournal terms, string name, List<string> wrong)
    {
        var (number, until) = (coupon.Number("number"), coupon.Number("until"));
        Back++;
        if (_voids.Contains(number))
            wrong.Add($"coupon {number} comes back for {name}, and the sale that had brought it came back before");
        if (!receipt.Used.TryGetValue(number, out var old) || receipt.Back.Contains(number) || _held.ContainsKey(number))
            wrong.Add($"coupon {number} comes back for {name}, which did not use it, or comes back twice");
        var right = old != 0 && old <= at ? at + (terms.GraceDays * DayMs) : old;
        if (until != right || (until != 0 && until <= at) || coupon.Number("from") > _entry.TimeMs + punctuality.SetBackMs)
            wrong.Add($"coupon {number} that ended at {old} comes back at {at} for {coupon.Number("from")} to {until}, {right} would be right");
        _held[number] = new HeldCouponOfJournal(coupon.Text("kind")!, coupon.Number("from"), until, _entry.TimeMs);
    }

    private void Promise(long number, JsonElement data, CouponsOfJournal terms, List<string> wrong)
    {
        var at = data.Number("at");
        if (!_held.TryGetValue(number, out var held) || held.From > at || (held.Until != 0 && held.Until <= at) || !terms.Kinds.ContainsKey(held.Kind))
            wrong.Add($"basket {data.Number("basket")} holds coupon {number}, which no sale could use");
        if (baskets.IsCouponHeld(number, at, data.Number("basket")))
            wrong.Add($"basket {data.Number("basket")} holds coupon {number}, which another holds");
    }

    private void End(JsonElement coupon, long at, List<string> wrong)
    {
        Ended++;
        var held = Take(coupon, "ended", wrong);
        punctuality.Ended(_entry, at, new BookedLot(1, held.Until, held.SinceMs), wrong);
    }

    private HeldCouponOfJournal Take(JsonElement coupon, string how, List<string> wrong)
    {
        var number = coupon.Number("number");
        if (!_held.Remove(number, out var held))
            wrong.Add(_issued.ContainsKey(number) && how == "used" ? $"coupon {number} is used twice" : $"coupon {number} is {how} and not held");
        else if (held.Kind != coupon.Text("kind"))
            wrong.Add($"coupon {number} is of kind {held.Kind}, and is {how} as {coupon.Text("kind")}");
        return held;
    }

    private long Count(long number, int by)
    {
        if (!_issued.TryGetValue(number, out var issued))
            return 0;
        var count = _counts.GetValueOrDefault((issued.Kind, issued.Per, issued.Period)) + by;
        return _counts[(issued.Kind, issued.Per, issued.Period)] = count;
    }

    /// <summary>A coupon in the customer's hand; <see cref="Until"/> is 0 for never.</summary>
    private readonly record struct HeldCouponOfJournal(string Kind, long From, long Until, long SinceMs);

    /// <summary>A coupon as it was issued, and the time in which it counts.</summary>
    private readonly record struct IssuedOfJournal(string Kind, string Per, string Period);
}
