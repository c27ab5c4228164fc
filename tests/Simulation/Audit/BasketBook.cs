using System.Text.Json;
using ChainCrm.Journal;

namespace ChainCrm.Simulation;

/// <summary>
/// One customer's open baskets by arithmetic over the events' JSON alone, written from docs/domain/baskets.md: what is held could be spent when it was promised, nobody else spends it, each
/// basket ends once and in time, and none is paid after its time.
/// </summary>
internal sealed class BasketBook(Punctuality punctuality)
{
    private const long MinuteMs = 60_000;
    private const int OpenMax = 16;
    private readonly Dictionary<long, (long Points, long Money, long Ends, long SinceMs)> _open = [];
    private readonly Dictionary<long, long[]> _coupons = [];
    private JournalEntry _entry = null!;
    private long _paid;

    public int Opened { get; private set; }

    public int Paid { get; private set; }

    public int RanOut { get; private set; }

    public int Cancelled { get; private set; }

    /// <summary>All that is held, also by what ran out and is not written off yet.</summary>
    public (long Points, long Money) Held => (_open.Values.Sum(basket => basket.Points), _open.Values.Sum(basket => basket.Money));

    /// <summary>When the first lease runs out; 0 for never.</summary>
    public long NextEnd => _open.Count == 0 ? 0 : _open.Values.Min(basket => basket.Ends);

    public bool IsEmpty => _open.Count == 0;

    /// <summary>A coupon that another basket holds than the one that the entry pays, and than the one that is left out.</summary>
    public bool IsCouponHeld(long coupon, long at, long except = 0) =>
        _open.Any(basket => basket.Key != _paid && basket.Key != except && basket.Value.Ends > at && _coupons.GetValueOrDefault(basket.Key, []).Contains(coupon));

    /// <summary>An entry begins. Which basket it pays stands after what the sale used.</summary>
    public void Begin(JournalEntry entry, JsonElement events)
    {
        (_entry, _paid) = (entry, 0);
        foreach (var happened in events.EnumerateArray())
            if (happened.GetProperty("t").GetString() == "customer.basket-committed.1")
                _paid = happened.GetProperty("d").Number("basket");
    }

    /// <summary>What is spent, before it is taken.</summary>
    /// <param name="what">By what.</param>
    /// <param name="at">When.</param>
    /// <param name="points">Points that could be spent then, of which how many are.</param>
    /// <param name="money">Stored value, of which how much is spent.</param>
    /// <param name="wrong">Takes what is wrong.</param>
    public void Spends(string what, long at, (long There, long Spent) points, (long There, long Spent) money, List<string> wrong)
    {
        var (heldPoints, heldMoney) = HeldAt(at, _paid);
        if (points.Spent > 0 && points.Spent > Math.Max(0, points.There - heldPoints))
            wrong.Add($"{what} spends {points.Spent} of {points.There} points, and {heldPoints} are held by others");
        if (money.Spent > 0 && money.Spent > money.There - heldMoney)
            wrong.Add($"{what} spends {money.Spent} of {money.There} stored value, and {heldMoney} is held by others");
    }

    public void Fold(string name, JsonElement data, ProgrammeOfJournal programme, long spendable, (long Sum, bool IsFrozen) card, List<string> wrong)
    {
        switch (name)
        {
            case "customer.basket-opened.1":
                Opened++;
                if (data.Number("basket") != _entry.Version)
                    wrong.Add($"basket {data.Number("basket")} was opened by version {_entry.Version}");
                Hold(data, programme, spendable, card, wrong);
                if (_open.Values.Count(basket => basket.Ends > data.Number("at")) > OpenMax)
                    wrong.Add($"{_open.Count} baskets are open");
                break;
            case "customer.basket-changed.1":
                Close(data.Number("basket"), data.Number("at"), data, "holdBefore", wrong);
                Hold(data, programme, spendable, card, wrong);
                break;
            case "customer.basket-cancelled.1":
                Cancelled++;
                Close(data.Number("basket"), data.Number("at"), data, "hold", wrong);
                break;
            case "customer.basket-committed.1":
                Paid++;
                Close(data.Number("basket"), data.Number("at"), data, "hold", wrong);
                break;
            case "customer.baskets-expired.1":
                foreach (var basket in data.List("baskets"))
                    Expire(basket, data.Number("at"), wrong);
                break;
            default:
                // Nothing of a basket.
                break;
        }
    }

    /// <summary>Nothing that is over is still there when everything had its time.</summary>
    public void CheckEnd(string stream)
    {
        foreach (var (number, basket) in _open)
            punctuality.StillThere(stream, $"basket {number}", basket.Ends);
    }

    private void Hold(JsonElement data, ProgrammeOfJournal programme, long spendable, (long Sum, bool IsFrozen) card, List<string> wrong)
    {
        var (number, at, ends) = (data.Number("basket"), data.Number("at"), data.Number("endsAt"));
        var (points, money) = Part(data, "hold");
        if (ends != at + (programme.LeaseMinutes * MinuteMs))
            wrong.Add($"basket {number} of {at} ends at {ends}, the lease is {programme.LeaseMinutes} minutes");
        var others = HeldAt(at, number);
        long[] coupons = [.. data.List("coupons").Select(coupon => coupon.GetInt64())];
        if (points < 0 || money < 0 || points + money + coupons.Length == 0)
            wrong.Add($"basket {number} holds {points} points and {money} stored value");
        if (points > 0 && points + others.Points > spendable)
            wrong.Add($"basket {number} holds {points} points and others hold {others.Points} where {spendable} can be spent");
        if (money > 0 && (card.IsFrozen || money + others.Money > card.Sum))
            wrong.Add($"basket {number} holds {money} stored value and others hold {others.Money} where {card.Sum} is there{(card.IsFrozen ? ", frozen" : "")}");
        _open[number] = (points, money, ends, _entry.TimeMs);
        _coupons[number] = coupons;
    }

    private void Close(long number, long at, JsonElement data, string hold, List<string> wrong)
    {
        if (!_open.Remove(number, out var basket))
            wrong.Add($"basket {number} ends that is not open");
        else if (basket.Ends <= at || Part(data, hold) != (basket.Points, basket.Money))
            wrong.Add($"basket {number} is over since {basket.Ends}, it is {at}; it held {basket.Points} points and {basket.Money} stored value");
    }

    private void Expire(JsonElement over, long at, List<string> wrong)
    {
        RanOut++;
        if (!_open.Remove(over.Number("number"), out var basket) || Part(over, "hold") != (basket.Points, basket.Money) || over.Number("endsAt") != basket.Ends)
            wrong.Add($"basket {over.Number("number")} ran out that is not open, or was another");
        else
            punctuality.RanOut(_entry, at, new BookedLot(basket.Points, basket.Ends, basket.SinceMs), wrong);
    }

    private (long Points, long Money) HeldAt(long at, long except)
    {
        var (points, money) = (0L, 0L);
        foreach (var (number, basket) in _open)
        {
            if (number == except || basket.Ends <= at)
                continue;
            (points, money) = (points + basket.Points, money + basket.Money);
        }

        return (points, money);
    }

    private static (long Points, long Money) Part(JsonElement data, string name) =>
        data.TryGetProperty(name, out var hold) ? (hold.Number("points"), hold.Number("storedValue")) : default;
}
