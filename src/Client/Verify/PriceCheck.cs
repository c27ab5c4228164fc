using System.Globalization;
using System.Text.Json;

namespace ChainCrm.Client.Verify;

/// <summary>A member price as a programme document has it: percent off, or minor units for a quantity of 1.</summary>
internal sealed record MemberPriceFacts(bool Enabled, bool OnDiscounted, long? Percent, long Minor);

/// <summary>Recomputes what member prices took off lines from the programme's document alone (docs/domain/member-prices.md). Conditions are not asked again.</summary>
internal static class PriceCheck
{
    private const long Milli = 1_000;

    public static void Purchase(ProgrammeRules rules, JsonElement data, string where, Differences differences)
    {
        if (!data.TryGetProperty("memberPrices", out _)) return;
        var lines = data.List("lines").ToDictionary(static line => line.Number("line"));
        var shares = data.List("couponShares").Select(static share => share.GetInt64()).ToList();
        var places = data.List("lines").Select((line, place) => (Line: line.Number("line"), Place: place)).ToDictionary(static pair => pair.Line, static pair => pair.Place);
        var seen = new HashSet<long>();
        foreach (var use in data.List("memberPrices"))
        {
            var (number, id, off) = (use.Number("line"), use.Text("price") ?? "", use.Number("off"));
            if (!lines.TryGetValue(number, out var line) || !seen.Add(number))
            {
                differences.Add(where, "line with a member price", "one of the receipt, once", Text(number));
                continue;
            }

            var byTill = line.Number("discount") - off - (shares.Count == 0 ? 0 : shares[places[number]]);
            if (byTill < 0) differences.Add(where, $"discount of line {number}", "at least what member price and coupons take off", Text(line.Number("discount")));
            if (!rules.MemberPrices.TryGetValue(id, out var price) || !price.Enabled || (byTill != 0 && !price.OnDiscounted)) differences.Add(where, "member price", "one in force", id);
            else differences.Expect(where, $"member price of line {number}", OffOf(price, line.Number("price") - byTill, line.Number("quantity")), off);
        }
    }

    private static long OffOf(MemberPriceFacts price, long amount, long quantity) => price.Percent is { } percent
        ? (long)decimal.Floor((decimal)amount * percent / 100m)
        : Math.Max(0, amount - (long)decimal.Ceiling((decimal)price.Minor * quantity / Milli));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
