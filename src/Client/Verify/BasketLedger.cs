using System.Text.Json;

namespace ChainCrm.Client.Verify;

/// <summary>One customer's open baskets, added up from its entries: each ends once, and what they hold of stored value is there (docs/domain/baskets.md).</summary>
internal sealed class BasketLedger
{
    private readonly Dictionary<long, (long Points, long StoredValue, long EndsAt)> _open = [];

    public void Opened(long version, JsonElement data, long storedValue, string where, Differences differences)
    {
        var number = data.Number("basket");
        differences.Expect(where, "basket", version, number);
        Hold(number, data, storedValue, where, differences);
    }

    public void Changed(JsonElement data, long storedValue, string where, Differences differences)
    {
        var number = data.Number("basket");
        Close(number, data, "holdBefore", where, differences);
        Hold(number, data, storedValue, where, differences);
    }

    public void Closed(JsonElement data, string where, Differences differences) => Close(data.Number("basket"), data, "hold", where, differences);

    public void Expired(JsonElement data, string where, Differences differences)
    {
        foreach (var basket in data.List("baskets"))
        {
            if (basket.Number("endsAt") > data.Number("at")) differences.Add(where, "lease that ran out", $"by {data.Number("at")}", $"{basket.Number("endsAt")}");
            Close(basket.Number("number"), basket, "hold", where, differences);
        }
    }

    private void Hold(long number, JsonElement data, long storedValue, string where, Differences differences)
    {
        var (points, card) = Parts(data, "hold");
        if (points < 0 || card < 0 || (points + card == 0 && !data.List("coupons").Any())) differences.Add(where, "hold", "more than nothing", $"{points} and {card}");
        if (data.Number("endsAt") <= data.Number("at")) differences.Add(where, "lease", $"after {data.Number("at")}", $"{data.Number("endsAt")}");
        _open[number] = (points, card, data.Number("endsAt"));
        var held = _open.Values.Where(basket => basket.EndsAt > data.Number("at")).Sum(basket => basket.StoredValue);
        if (held > storedValue) differences.Add(where, "stored value that is held", $"at most {storedValue}", $"{held}");
    }

    private void Close(long number, JsonElement data, string hold, string where, Differences differences)
    {
        if (!_open.Remove(number, out var basket))
        {
            differences.Add(where, "open basket", "one that was opened", $"{number}");
            return;
        }

        var (points, card) = Parts(data, hold);
        differences.Expect(where, "points that were held", basket.Points, points);
        differences.Expect(where, "stored value that was held", basket.StoredValue, card);
    }

    private static (long Points, long StoredValue) Parts(JsonElement data, string name) =>
        data.TryGetProperty(name, out var hold) ? (hold.Number("points"), hold.Number("storedValue")) : default;
}
