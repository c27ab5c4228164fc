using System.Text.Json;

namespace ChainCrm.Client.Verify;

/// <summary>One customer's coupons, added up from its entries: each is issued once, used, taken away or ended only while it is held, and comes back only after it was used (docs/domain/coupons.md).</summary>
internal sealed class CouponLedger
{
    private readonly Dictionary<long, (string? Kind, long From, long? Until)> _held = [];
    private readonly HashSet<long> _known = [];
    private readonly HashSet<long> _used = [];

    public int Count => _held.Count;

    public void Issued(JsonElement data, string where, Differences differences)
    {
        foreach (var coupon in data.List("coupons"))
        {
            var number = coupon.Number("number");
            if (!_known.Add(number)) differences.Add(where, "coupon issued", "a new number", $"{number} again");
            _held[number] = (coupon.Text("kind"), coupon.Number("from"), coupon.NumberOrNull("until"));
        }
    }

    public void Purchased(JsonElement data, string where, Differences differences)
    {
        var sum = 0L;
        foreach (var use in data.List("coupons"))
        {
            sum += use.Number("discount");
            if (use.Number("discount") <= 0) differences.Add(where, "discount of a coupon", "more than 0", $"{use.Number("discount")}");
            if (_held.TryGetValue(use.Number("number"), out var held) && (held.From > data.Number("at") || held.Until <= data.Number("at")))
                differences.Add(where, $"coupon {use.Number("number")} is used", $"from {held.From} to {held.Until}", $"{data.Number("at")}");
            Take(use, "used", where, differences);
            _used.Add(use.Number("number"));
        }

        differences.Expect(where, "discount of coupons = shares of lines", sum, data.List("couponShares").Sum(static share => share.GetInt64()));
        if (data.List("couponShares").Any(static share => share.GetInt64() < 0)) differences.Add(where, "share of a line", "0 or more", "less");
    }

    public void Returned(JsonElement data, string where, Differences differences)
    {
        foreach (var gone in data.List("couponsWithdrawn")) Take(gone, "withdrawn", where, differences);
        foreach (var coupon in data.List("couponsBack"))
        {
            var number = coupon.Number("number");
            if (!_used.Remove(number)) differences.Add(where, "coupon that comes back", "one that was used", $"{number}");
            _held[number] = (coupon.Text("kind"), coupon.Number("from"), coupon.NumberOrNull("until"));
        }
    }

    public void Revoked(JsonElement data, string where, Differences differences) => Take(data, "revoked", where, differences);

    public void Expired(JsonElement data, string where, Differences differences)
    {
        foreach (var ended in data.List("coupons"))
        {
            if (_held.TryGetValue(ended.Number("number"), out var held) && !(held.Until <= data.Number("at")))
                differences.Add(where, $"coupon {ended.Number("number")} ends", "not before its end", "early");
            Take(ended, "ended", where, differences);
        }
    }

    private void Take(JsonElement coupon, string how, string where, Differences differences)
    {
        var number = coupon.Number("number");
        if (!_held.Remove(number, out var held)) differences.Add(where, $"coupon {number} is {how}", "held", "not held");
        else if (held.Kind != coupon.Text("kind")) differences.Add(where, $"kind of coupon {number}", held.Kind ?? "", coupon.Text("kind") ?? "");
    }
}
