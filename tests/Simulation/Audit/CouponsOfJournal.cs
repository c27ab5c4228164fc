using System.Text.Json;

namespace ChainCrm.Simulation;

/// <summary>A kind of coupon as the auditor needs it: whether it is issued, how many one customer may have (0: any), how many of it and of its category go on one receipt.</summary>
internal sealed record CouponKindOfJournal(bool Enabled, long MostEach, string Per, bool Alone, long PerReceipt, int Category);

/// <summary>The coupons of one programme version as the auditor needs them.</summary>
internal sealed record CouponsOfJournal(IReadOnlyDictionary<string, CouponKindOfJournal> Kinds, IReadOnlyList<long> PerReceipt, IReadOnlyDictionary<string, string> Rules, long GraceDays)
{
    public static CouponsOfJournal Read(JsonElement programme)
    {
        var grace = programme.GetProperty("points").TryGetProperty("giveBackGraceDays", out var days) ? days.GetInt64() : 7;
        if (!programme.TryGetProperty("coupons", out var section))
            return new CouponsOfJournal(new Dictionary<string, CouponKindOfJournal>(), [], new Dictionary<string, string>(), grace);
        var categories = section.List("categories").ToList();
        var kinds = new Dictionary<string, CouponKindOfJournal>(StringComparer.Ordinal);
        foreach (var kind in section.List("kinds"))
        {
            var limit = kind.TryGetProperty("perCustomer", out var each) ? (Most: each.Number("count"), Per: each.Text("per") ?? "ever") : (0, "");
            var category = categories.FindIndex(other => other.Text("id") == kind.Text("category"));
            kinds[kind.Text("id")!] = new CouponKindOfJournal(
                !kind.TryGetProperty("enabled", out _) || kind.Flag("enabled"), limit.Most, limit.Per, kind.Flag("alone"), Math.Max(1, kind.Number("perReceipt")), Math.Max(0, category));
        }

        return new CouponsOfJournal(
            kinds, [.. categories.Select(category => Math.Max(1, category.Number("perReceipt")))],
            section.List("issue").ToDictionary(rule => rule.Text("id")!, rule => rule.Text("on")!, StringComparer.Ordinal), grace);
    }
}
