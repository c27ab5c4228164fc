using System.Text;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes.Coupons;
using ChainCrm.Domain.Programmes.EarningRules;

namespace ChainCrm.Grains.Tests.Codecs;

/// <summary>
/// Purchases as no rule would let them through, from a seed: every optional member there or not, lists empty or not, texts and numbers at
/// the edge of what the format can hold, and what usually repeats another member now equal to it and now not.
/// </summary>
internal sealed class RandomPurchases(int seed)
{
    private static readonly string[] Pieces =
    [
        "S1", "a b", "会员", "消费积分", "é", "😀", "𠮷", "\"", "\\", "/", "'", "<b>&amp;</b>", "+", "`", "\0", "\t", "\r\n", "\u0001", "\u001f", "\u007f",
        "\u0085", "\u00a0", "\u00ad", "\u2028", "\u200b", "\ufeff", "\ufffd", "\uffff", "\ue000", "\ud800", "\udc00", "\U0010ffff",
    ];

    private static readonly long[] Edges =
        [0, 0, 0, 1, -1, 9, 10, 99, 100, int.MaxValue, int.MinValue, 1_750_000_000_000, long.MaxValue, long.MinValue, long.MinValue + 1];

    private static readonly string[] Rules =
        ["points.earned", "cross-store.bonus", "cross-store.bonus-capped", "cross-store.cooling-down", "points.earned-otherwise", "tier."];

    private readonly Random _random = new(seed);

    /// <summary>Numbers of a purchase are either at the edge, or such that their sums fit.</summary>
    private bool _edgy;

    public PurchaseRecorded Next()
    {
        _edgy = Coin();
        var sale = new PurchaseRecorded
        {
            At = Time(), Origin = new Origin(Maybe(Store), Maybe(() => new StaffId(Id())), Maybe(() => new TillId(Id()))), Store = Store(),
            Receipt = Text(), OccurredAt = Time(), BusinessDay = Day(), Channel = MaybeText(), Lines = List(Line), Amount = Money(),
            PointsUsed = Points(), LotsUsed = List(() => new LotPart(Int(), Points(), Maybe(Time), Coin())), PointsValue = Money(), PointsEarned = Points(),
            PointsBonus = Points(), DebtPaid = Points(), ActiveFrom = Time(), ExpiresAt = Maybe(Time), ByInactivity = Coin(), PreviousStore = Maybe(Store),
            CrossStore = Coin(), Balance = Points(), QualifyingSpend = Money(), QualifyingFrom = Day(), QualifyingTo = Day(),
            Tier = new TierId(Id()), Rules = List(Text), Grants = List(Grant), TierBefore = Maybe(() => new TierId(Id())), Region = MaybeText(), City = MaybeText(),
            LocalMinute = Maybe(Int), Tags = List(Id), StoredValueUsed = Coin() ? default : Value(), StoredValueBalance = Coin() ? default : Value(),
            Coupons = Coin() ? [] : List(() => new CouponUse(Int(), Text(), Money(), (CostBearer)Int(), Maybe(Store), Maybe(Time))), CouponShares = Coin() ? [] : List(Money),
            CouponsSkipped = Coin() ? [] : List(() => new SkippedCoupon(Int(), Int())),
            AsksMemberPrices = Coin(), MemberPrices = Coin() ? [] : List(() => new MemberPriceUse(Int(), Text(), Money())), EarlySales = Coin() ? [] : List(() => new EarlySale(Int(), Text())),
        };
        sale = Repeating(sale);
        // An absent list and an empty one are both left out, whatever type holds it.
        return _random.Next(20) == 0 ? sale with { LotsUsed = null!, Rules = null!, Grants = null! } : sale;
    }

    /// <summary>The same purchase with members, each or not, as the decider would set them: equal to others, or their sums.</summary>
    private PurchaseRecorded Repeating(PurchaseRecorded sale)
    {
        if (Coin()) sale = sale with { At = sale.OccurredAt };
        if (Coin()) sale = sale with { ActiveFrom = sale.OccurredAt };
        if (Coin()) sale = sale with { QualifyingTo = sale.BusinessDay };
        if (Coin()) sale = sale with { QualifyingPoints = Points(), QualifyingVisits = Coin() ? 0 : 17 };
        if (Coin()) sale = sale with { PreviousStore = sale.Store };
        if (Coin()) sale = sale with { Origin = sale.Origin with { Store = sale.Store } };
        if (Coin()) sale = sale with { Rules = List(() => Known(sale.Tier)) };
        if (Coin()) sale = sale with { Lines = OfOneLot(sale.Lines) };
        if (_edgy) return sale;
        if (Coin()) sale = sale with { Amount = new Money(sale.Lines.Sum(line => line.Price.Minor - line.Discount.Minor)) };
        if (Coin()) sale = sale with { PointsEarned = new Points(sale.Lines.Sum(line => line.Earned.Count + line.Bonus.Count)) };
        return Coin() ? sale with { PointsBonus = new Points(sale.Lines.Sum(line => line.Bonus.Count)) } : sale;
    }

    private string Known(TierId tier) =>
        _random.Next(8) is var place && place < Rules.Length ? Rules[place] : $"tier.{(Coin() ? tier.Value : "other")}";

    private RecordedLine[] OfOneLot(IReadOnlyList<RecordedLine> lines)
    {
        var lot = Int();
        return [.. lines.Select(line =>
        {
            var points = _edgy || Coin() ? line.LotPoints.Count : line.Earned.Count + line.Bonus.Count;
            return line with { LotPoints = new Points(points), Lot = points > 0 ? lot : 0, Category = Coin() ? null : line.Category, Brand = Coin() ? null : line.Brand, Bonus = Coin() && points == line.LotPoints.Count ? default : line.Bonus };
        })];
    }

    private StoredValue Value() => new(Money(), Money());

    private RuleGrant Grant() => new(Id(), Points(), Coin() ? default : Points(), Maybe(Points), Coin() ? CapPeriods.None : (CapPeriods)_random.Next(16));

    private RecordedLine Line() => _random.Next(6) == 0 ? Short() : Whole();

    /// <summary>A line that earned nothing, with a discount or not.</summary>
    private RecordedLine Short() => new()
    {
        Line = Int(), Product = new ProductId(Id()), Quantity = new Quantity(Long()), Price = Money(), Discount = Coin() ? Money() : default, Earned = Coin() ? Points() : default,
    };

    private RecordedLine Whole() => new()
    {
        Line = Int(), Product = new ProductId(Id()), Category = MaybeText(), Brand = MaybeText(), Quantity = new Quantity(Long()), Price = Money(), Discount = Money(),
        Earned = Points(), Bonus = Points(), Lot = Int(), LotPoints = Points(),
    };

    private bool Coin() => _random.Next(2) == 0;

    private T? Maybe<T>(Func<T> make)
        where T : struct => Coin() ? make() : null;

    private IReadOnlyList<T> List<T>(Func<T> make)
    {
        var items = Enumerable.Range(0, Math.Max(0, _random.Next(-2, 6))).Select(_ => make());
        return Coin() ? items.ToArray() : items.ToList();
    }

    private long Long() => !_edgy ? _random.NextInt64(-1_000_000_000, 1_000_000_000) >> _random.Next(32) : _random.Next(3) == 0 ? Edges[_random.Next(Edges.Length)] : _random.NextInt64() >> _random.Next(64);

    private int Int() => unchecked((int)Long());

    private Money Money() => new(Long());

    private Points Points() => new(Long());

    private Timestamp Time() => new(Long());

    private BusinessDay Day() => new(Int());

    private StoreId Store() => new(Id());

    private string Id() => Text();

    private string? MaybeText() => Coin() ? Text() : null;

    private string Text()
    {
        var text = new StringBuilder();
        // Long texts take another way through the writer than short ones.
        for (var pieces = _random.Next(50) == 0 ? 400 : _random.Next(6); pieces > 0; pieces--)
            text.Append(_random.Next(4) == 0 ? ((char)_random.Next(char.MaxValue + 1)).ToString() : Pieces[_random.Next(Pieces.Length)]);
        return text.ToString();
    }
}
