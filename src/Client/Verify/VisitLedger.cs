using System.Text.Json;

namespace ChainCrm.Client.Verify;

/// <summary>Points and visits of one customer by day and store, of purchases that say they count (docs/domain/tiers.md).</summary>
internal sealed class VisitLedger
{
    private readonly SortedDictionary<int, Dictionary<string, (long Receipts, long Points)>> _days = [];

    /// <summary>The first day for which sums are complete; days before it were let go.</summary>
    public int CompleteFrom { get; private set; } = int.MinValue;

    /// <summary>Days on which something counts, from a day on.</summary>
    public IEnumerable<int> DaysFrom(int day) => _days.Keys.Where(one => one >= day);

    public void Purchased(JsonElement data)
    {
        if (data.NumberOrNull("qualifyingPoints") is not null) Add((int)data.Number("businessDay"), data.Text("store"), data.Number("amount") > 0 ? 1 : 0, data.Number("pointsEarned"));
    }

    public void Returned(JsonElement data) =>
        Add((int)data.Number("purchaseDay"), data.Text("purchaseStore"), data.Flag("visitUncounted") ? -1 : 0, -data.Number("pointsUncounted"));

    /// <summary>Points and visits from one day to another, both included.</summary>
    public (long Points, long Visits) Between(int from, int to)
    {
        var (points, visits) = (0L, 0L);
        foreach (var (day, stores) in _days)
        {
            if (day < from || day > to) continue;
            points += stores.Values.Sum(store => store.Points);
            visits += stores.Values.Count(store => store.Receipts > 0);
        }

        return (points, visits);
    }

    private void Add(int day, string? store, long receipts, long points)
    {
        if (day < CompleteFrom || (receipts == 0 && points == 0)) return;
        if (!_days.TryGetValue(day, out var stores)) _days[day] = stores = new Dictionary<string, (long, long)>(StringComparer.Ordinal);
        var before = stores.GetValueOrDefault(store ?? "");
        stores[store ?? ""] = (before.Receipts + receipts, before.Points + points);
        if (_days.Count <= ClientLimits.VerifyDaysKept) return;
        var oldest = _days.Keys.First();
        _days.Remove(oldest);
        CompleteFrom = oldest + 1;
    }
}
