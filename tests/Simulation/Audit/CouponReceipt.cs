using System.Text.Json;

namespace ChainCrm.Simulation;

/// <summary>One receipt as the coupons see it: what it used and brought, and what of it came back. No more is paid back than was paid, and for the whole receipt exactly that.</summary>
internal sealed class CouponReceipt(long amount, Dictionary<long, long> lines)
{
    private long _refunded;
    private long _adjusted;

    /// <summary>Coupons that were used, with their ends.</summary>
    public Dictionary<long, long> Used { get; } = [];

    /// <summary>Coupons that it brought, with what brought them.</summary>
    public Dictionary<long, string> Brought { get; } = [];

    /// <summary>Coupons that came back, those that were over by then too.</summary>
    public HashSet<long> Back { get; } = [];

    /// <summary>Coupons that went with what came back.</summary>
    public HashSet<long> Gone { get; } = [];

    /// <summary>Something comes back.</summary>
    /// <param name="data">The return.</param>
    /// <param name="returned">Coupons that come back with it, by their numbers.</param>
    /// <param name="noGrace">What is over does not come back.</param>
    /// <param name="voids">Coupons whose own sale came back after they were used.</param>
    /// <param name="isFull">The customer can't hold any more.</param>
    /// <param name="wrong">Takes what is wrong.</param>
    public void Add(JsonElement data, Dictionary<long, JsonElement> returned, bool noGrace, HashSet<long> voids, bool isFull, List<string> wrong)
    {
        var (refund, adjustment, at) = (data.Number("amount"), data.Number("couponAdjustment"), data.Number("at"));
        _refunded += refund;
        _adjusted += adjustment;
        var so = data.List("lines").Sum(line => line.Number("amountSoFar"));
        if (refund < 0 || _refunded > amount)
            wrong.Add($"{refund} is paid back, {_refunded} in all of {amount} that was paid");
        if (refund != data.List("lines").Sum(line => line.Number("amount")) + adjustment || _refunded != so + _adjusted || _adjusted != data.Number("couponAdjustmentSoFar"))
            wrong.Add($"{refund} is paid back, {_refunded} so far, for lines of {so} and an adjustment of {adjustment}, {_adjusted} so far");
        foreach (var number in data.List("couponsBackSoFar").Select(number => number.GetInt64()))
        {
            if (!Back.Add(number))
                continue;
            if (!Used.TryGetValue(number, out var until))
                wrong.Add($"coupon {number} is told to be back, and was not used");
            else if (!returned.ContainsKey(number) && !isFull && !voids.Contains(number) && !(noGrace && until != 0 && until <= at))
                wrong.Add($"coupon {number} that ends at {until} is back at {at}, and the customer does not get it");
        }

        foreach (var number in returned.Keys.Where(number => !Back.Contains(number)))
            wrong.Add($"coupon {number} is not told to be back");
        if (!IsAllBack(data))
            return;
        if (_refunded != amount || _adjusted != 0)
            wrong.Add($"everything is back, and {_refunded} of {amount} was paid back, adjusted by {_adjusted}");
        if (!Used.Keys.All(Back.Contains))
            wrong.Add($"everything is back, and of the coupons {string.Join(' ', Used.Keys)} only {string.Join(' ', Back)}");
        foreach (var (number, on) in Brought)
            if (on == "purchase" && !Gone.Contains(number))
                wrong.Add($"everything is back, and coupon {number} that the purchase brought is not gone");
    }

    private bool IsAllBack(JsonElement data)
    {
        var back = data.List("lines").ToDictionary(line => line.Number("line"), line => line.Number("quantitySoFar"));
        return lines.All(line => back.TryGetValue(line.Key, out var quantity) && quantity == line.Value);
    }
}
