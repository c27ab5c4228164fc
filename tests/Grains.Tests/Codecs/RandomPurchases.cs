using System.Text;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;

namespace ChainCrm.Grains.Tests.Codecs;

/// <summary>
/// Purchases as no rule would let them through, from a seed: every optional member there or not, lists empty or not, texts and numbers at
/// the edge of what the format can hold.
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

    private readonly Random _random = new(seed);

    public PurchaseRecorded Next()
    {
        var sale = new PurchaseRecorded
        {
            At = Time(), Origin = new Origin(Maybe(Store), Maybe(() => new StaffId(Id())), Maybe(() => new TillId(Id()))), Store = Store(),
            Receipt = Text(), OccurredAt = Time(), BusinessDay = Day(), Channel = MaybeText(), Lines = List(Line), Amount = Money(),
            PointsUsed = Points(), LotsUsed = List(() => new LotPart(Int(), Points(), Maybe(Time))), PointsValue = Money(), PointsEarned = Points(),
            PointsBonus = Points(), DebtPaid = Points(), ActiveFrom = Time(), ExpiresAt = Maybe(Time), PreviousStore = Maybe(Store),
            CrossStore = Coin(), Balance = Points(), QualifyingSpend = Money(), QualifyingFrom = Day(), QualifyingTo = Day(),
            Tier = new TierId(Id()), Rules = List(Text),
        };
        // An absent list and an empty one are both left out, whatever type holds it.
        return _random.Next(20) == 0 ? sale with { LotsUsed = null!, Rules = null! } : sale;
    }

    private RecordedLine Line() => new()
    {
        Line = Int(), Product = new ProductId(Id()), Category = MaybeText(), Quantity = new Quantity(Long()), Price = Money(), Discount = Money(),
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

    private long Long() => _random.Next(3) == 0 ? Edges[_random.Next(Edges.Length)] : _random.NextInt64() >> _random.Next(64);

    private int Int() => unchecked((int)Long());

    private Money Money() => new(Long());

    private Points Points() => new(Long());

    private Timestamp Time() => new(Long());

    private BusinessDay Day() => new(Int());

    private StoreId Store() => new(Id());

    /// <summary>Now and then the id that nobody set, which holds no text at all.</summary>
    private string Id() => _random.Next(40) == 0 ? null! : Text();

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
