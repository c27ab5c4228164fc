using ChainCrm.Domain.Programmes.EarningRules;

namespace ChainCrm.Domain.Programmes.Coupons;

/// <summary>How a coupon makes a basket cheaper (docs/domain/coupons.md).</summary>
public enum CouponGiveKind
{
    /// <summary>So much off.</summary>
    Amount,
    /// <summary>Percent off, with or without a most.</summary>
    Percent,
    /// <summary>So much off for every so much bought.</summary>
    PerFull,
    /// <summary>Pieces for nothing: a gift, a free service.</summary>
    Free,
    /// <summary>Percent off the second piece of each pair.</summary>
    Second,
    /// <summary>Pieces for a fixed price: an exchange.</summary>
    Price,
}

/// <summary>What a coupon gives.</summary>
/// <param name="Kind">How the numbers are meant.</param>
/// <param name="Value">Minor units; percent for <see cref="CouponGiveKind.Percent"/> and <see cref="CouponGiveKind.Second"/>; unused for <see cref="CouponGiveKind.Free"/>.</param>
/// <param name="Most">Minor units for percent, times for each full amount, pieces or pairs else; 0: no most.</param>
/// <param name="Each">The full amount, minor units.</param>
public readonly record struct CouponGive(CouponGiveKind Kind, long Value, long Most = 0, long Each = 0);

/// <summary>Who bears what a coupon takes off. A number is part of the storage format.</summary>
public enum CostBearer
{
    Headquarters,
    /// <summary>The store that issued it.</summary>
    Issuer,
    /// <summary>The store where it is redeemed.</summary>
    Redeemer,
    Supplier,
}

/// <summary>What becomes of a coupon when a part of its basket comes back.</summary>
public enum CouponReturnPolicy
{
    /// <summary>It is worked out again for what is kept: below its minimum it falls away, and what it took off is kept back from the refund.</summary>
    Recheck,
    /// <summary>Each line comes back for what was paid for it; the coupon stays used until everything is back.</summary>
    Share,
}

/// <summary>Codes of a kind that are printed: whoever shows one first gets a coupon.</summary>
/// <param name="Batch">Names the batch for ever; 1 to <see cref="Limits.CodeBatchMax"/>.</param>
/// <param name="Count">How many codes it has.</param>
public sealed record CodeBatch(int Batch, int Count);

/// <summary>One kind of coupon of a programme version, compiled (R21, R24, F18 to F21).</summary>
public sealed record CouponKind
{
    /// <summary>Names the kind for ever: coupons in customers' hands name it.</summary>
    public required string Id { get; init; }
    public required string NameZh { get; init; }
    public required string NameEn { get; init; }
    /// <summary>Off: no more are issued; those that are out stay good.</summary>
    public required bool Enabled { get; init; }
    /// <summary>The campaign it is counted for; null for none.</summary>
    public string? Campaign { get; init; }
    public required CouponGive Give { get; init; }
    /// <summary>What the receipt must be.</summary>
    public required Condition OfReceipt { get; init; }
    /// <summary>What a line must be for the coupon to count and to give on it.</summary>
    public required Condition OfLine { get; init; }
    /// <summary>Least amount of the lines that match, before any coupon.</summary>
    public required Money MinimumAmount { get; init; }
    /// <summary>Least quantity of the lines that match.</summary>
    public required Quantity MinimumQuantity { get; init; }
    /// <summary>Least amount of the whole receipt, before any coupon.</summary>
    public required Money ReceiptMinimum { get; init; }
    /// <summary>Days that it is good for, that of issue not counted; null: to <see cref="LastDay"/>, or for ever.</summary>
    public required int? Days { get; init; }
    /// <summary>Days after its issue from which on it is good.</summary>
    public required int AfterDays { get; init; }
    /// <summary>The first and the last day on which any coupon of the kind is good; null for none.</summary>
    public required BusinessDay? FirstDay { get; init; }
    public required BusinessDay? LastDay { get; init; }
    /// <summary>Place of its category in the order of evaluation.</summary>
    public required int Category { get; init; }
    /// <summary>With no other coupon on one receipt.</summary>
    public required bool Alone { get; init; }
    /// <summary>Most of the kind on one receipt.</summary>
    public required int PerReceipt { get; init; }
    /// <summary>Most that one customer ever gets, or gets in a time; null: as many as are issued.</summary>
    public required EarningCap? PerCustomer { get; init; }
    public required CouponReturnPolicy OnReturn { get; init; }
    public required CostBearer Bearer { get; init; }
    /// <summary>Codes that are printed; null for none.</summary>
    public CodeBatch? Codes { get; init; }
    /// <summary>Place in the document, for the order of evaluation within a category.</summary>
    public required int Place { get; init; }

    /// <summary>The counter of what a customer got of a kind, beside those of earning rules: no rule has such an id.</summary>
    internal static string CounterOf(string kind) => CounterPrefix + kind;

    /// <summary>What such a counter's name begins with.</summary>
    internal const string CounterPrefix = "coupon:";
}

/// <summary>A category of coupons: evaluated in this order, so many on one receipt.</summary>
public readonly record struct CouponCategory(string Id, int PerReceipt);

/// <summary>The coupons of a programme version.</summary>
/// <param name="Categories">In the order of evaluation.</param>
/// <param name="Kinds">In the order of the document.</param>
/// <param name="Rules">When coupons are issued by themselves.</param>
/// <param name="AskPlace">Some kind or rule asks for region or city.</param>
/// <param name="AskTime">Some kind or rule asks for the time of day.</param>
/// <param name="AskTags">Tags that some kind or rule asks for.</param>
public sealed record CouponTerms(
    IReadOnlyList<CouponCategory> Categories, IReadOnlyList<CouponKind> Kinds, IReadOnlyList<CouponRule> Rules, bool AskPlace, bool AskTime,
    IReadOnlyList<string> AskTags)
{
    public static CouponTerms None { get; } = new([], [], [], false, false, []);

    private readonly Dictionary<string, CouponKind> _byId = Kinds.GroupBy(static kind => kind.Id).ToDictionary(static group => group.Key, static group => group.First(), StringComparer.Ordinal);

    /// <summary>The kind of a batch of printed codes; null when this version has none.</summary>
    public CouponKind? OfBatch(int batch) => Kinds.FirstOrDefault(kind => kind.Codes?.Batch == batch);

    /// <summary>A kind by its id; null when this version has none.</summary>
    public CouponKind? Find(string id) => _byId.GetValueOrDefault(id);
}

/// <summary>What brings coupons by itself.</summary>
public enum CouponOccasion
{
    Purchase,
    Enrolment,
    TierReached,
    TopUp,
}

/// <summary>Coupons that are issued when something happens.</summary>
public sealed record CouponRule
{
    public required string Id { get; init; }
    public required string NameZh { get; init; }
    public required string NameEn { get; init; }
    public required bool Enabled { get; init; }
    public required CouponOccasion On { get; init; }
    /// <summary>What the receipt must be, and each line that counts. Only for purchases.</summary>
    public required Condition OfReceipt { get; init; }
    public required Condition OfLine { get; init; }
    /// <summary>Least amount of the lines that match, or of the top-up.</summary>
    public required Money MinimumAmount { get; init; }
    /// <summary>The tier that must be reached; null: any higher one.</summary>
    public TierId? Tier { get; init; }
    /// <summary>The kind that is issued.</summary>
    public required string Kind { get; init; }
    public required int Count { get; init; }
}
