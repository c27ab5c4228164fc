using System.Text.Json;

namespace ChainCrm.Simulation;

/// <summary>One customer's points and visits, receipt by receipt, from the events' JSON alone (docs/domain/tiers.md).</summary>
internal sealed class VisitBook
{
    private readonly Dictionary<(string Store, string Receipt), Receipt> _receipts = [];

    public void Purchased(JsonElement data, TiersOfJournal terms, List<string> wrong)
    {
        var isCounted = data.TryGetProperty("qualifyingPoints", out _);
        if (isCounted != terms.AsksMore)
            wrong.Add($"a purchase {(isCounted ? "counts" : "does not count")} for tiers by points and visits, and the programme {(terms.AsksMore ? "asks" : "does not ask")} for them");
        _receipts[(data.Text("store")!, data.Text("receipt")!)] = new Receipt(data.Number("businessDay"), data.Number("amount"), data.Number("pointsEarned"), isCounted);
    }

    public void Returned(JsonElement data, List<string> wrong)
    {
        var key = (data.Text("purchaseStore")!, data.Text("purchaseReceipt")!);
        if (!_receipts.TryGetValue(key, out var receipt))
            return;
        var (points, left) = (data.Number("pointsTakenBack") + data.Number("pointsForgiven"), receipt.Amount - data.Number("amount"));
        var isGone = receipt is { IsCounted: true, Amount: > 0 } && left == 0;
        if (data.Number("pointsUncounted") != (receipt.IsCounted ? points : 0) || data.Flag("visitUncounted") != isGone)
            wrong.Add($"a return takes {data.Number("pointsUncounted")} points and {(data.Flag("visitUncounted") ? "the" : "no")} visit; {(receipt.IsCounted ? points : 0)} and {(isGone ? "the" : "no")} visit would be right");
        _receipts[key] = receipt with { Amount = left, Points = receipt.Points - points };
    }

    /// <summary>What an event says of its window is what the receipts add up to; and it says so where the programme asks, and nowhere else.</summary>
    public void Check(JsonElement data, TiersOfJournal terms, List<string> wrong)
    {
        if (data.TryGetProperty("qualifyingPoints", out _) != terms.AsksMore)
            wrong.Add($"a tier's event {(terms.AsksMore ? "says nothing of points and visits that the programme asks" : "tells points and visits that nobody asks")} for");
        if (!terms.AsksMore)
            return;
        var within = _receipts.Where(one => one.Value.IsCounted && one.Value.Day >= data.Number("windowFrom") && one.Value.Day <= data.Number("windowTo")).ToList();
        var (points, visits) = (within.Sum(one => one.Value.Points), within.Where(one => one.Value.Amount > 0).Select(one => (one.Value.Day, one.Key.Store)).Distinct().Count());
        if (points != data.Number("qualifyingPoints") || visits != data.Number("qualifyingVisits"))
            wrong.Add($"{data.Number("qualifyingPoints")} points and {data.Number("qualifyingVisits")} visits of {data.Number("windowFrom")} to {data.Number("windowTo")}, the receipts add up to {points} and {visits}");
    }

    private readonly record struct Receipt(long Day, long Amount, long Points, bool IsCounted);
}
