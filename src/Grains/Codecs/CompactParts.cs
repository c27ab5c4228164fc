using System.Text.Json;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;

namespace ChainCrm.Grains.Codecs;

/// <summary>What stood in a compact purchase; null for what did not. Knows what a member that was left out means.</summary>
internal struct CompactParts
{
    public StoreId? Store;
    public string? Receipt;
    public Timestamp? OccurredAt;
    public BusinessDay? BusinessDay;
    public string? Channel;
    public int Lot;
    public RecordedLine[]? Lines;
    public Money? Amount;
    public Points PointsUsed;
    public LotPart[]? LotsUsed;
    public Money PointsValue;
    public Points? PointsEarned;
    public Points? PointsBonus;
    public Points DebtPaid;
    public Timestamp? ActiveFrom;
    public Timestamp? ExpiresAt;
    public bool ByInactivity;
    public bool HasPreviousStore;
    public StoreId? PreviousStore;
    public bool CrossStore;
    public Points? Balance;
    public Money? QualifyingSpend;
    public BusinessDay QualifyingFrom;
    public BusinessDay? QualifyingTo;
    public Points? QualifyingPoints;
    public int? QualifyingVisits;
    public TierId? Tier;
    public string?[]? Rules;
    public RuleGrant[]? Grants;
    public TierId? TierBefore;
    public string? Region;
    public string? City;
    public int? LocalMinute;
    public string[]? Tags;
    public StoredValue StoredValueUsed;
    public StoredValue StoredValueBalance;
    public CouponUse[]? Coupons;
    public Money[]? CouponShares;
    public SkippedCoupon[]? CouponsSkipped;
    public bool AsksMemberPrices;
    public MemberPriceUse[]? MemberPrices;
    public EarlySale[]? EarlySales;
    public Timestamp? At;
    public bool HasOriginStore;
    public StoreId? OriginStore;
    public StaffId? OriginStaff;
    public TillId? OriginTill;

    /// <summary>The purchase.</summary>
    /// <exception cref="JsonException">A required member is missing.</exception>
    /// <exception cref="OverflowException">A sum that was left out does not fit its member.</exception>
    public readonly PurchaseRecorded Build()
    {
        var lines = Lines ?? throw Missing("l");
        var store = Store ?? throw Missing("s");
        var occurredAt = OccurredAt ?? throw Missing("o");
        var day = BusinessDay ?? throw Missing("d");
        var tier = Tier ?? throw Missing("t");
        var sums = CompactPurchase.SumsOf(lines);
        return new PurchaseRecorded
        {
            Store = store,
            Receipt = Receipt ?? throw Missing("r"),
            OccurredAt = occurredAt,
            BusinessDay = day,
            Channel = Channel,
            Lines = lines,
            Amount = Amount ?? new Money(checked((long)sums.Amount)),
            PointsUsed = PointsUsed,
            LotsUsed = LotsUsed ?? [],
            PointsValue = PointsValue,
            PointsEarned = PointsEarned ?? new Points(checked((long)sums.Earned)),
            PointsBonus = PointsBonus ?? new Points(checked((long)sums.Bonus)),
            DebtPaid = DebtPaid,
            ActiveFrom = ActiveFrom ?? occurredAt,
            ExpiresAt = ExpiresAt,
            ByInactivity = ByInactivity,
            PreviousStore = HasPreviousStore ? PreviousStore : store,
            CrossStore = CrossStore,
            Balance = Balance ?? throw Missing("b"),
            QualifyingSpend = QualifyingSpend ?? throw Missing("q"),
            QualifyingFrom = QualifyingFrom,
            QualifyingTo = QualifyingTo ?? day,
            QualifyingPoints = QualifyingPoints,
            QualifyingVisits = QualifyingVisits,
            Tier = tier,
            Rules = NamesOf(Rules, tier),
            Grants = Grants ?? [],
            TierBefore = TierBefore,
            Region = Region,
            City = City,
            LocalMinute = LocalMinute,
            Tags = Tags ?? [],
            StoredValueUsed = StoredValueUsed,
            StoredValueBalance = StoredValueBalance,
            Coupons = Coupons ?? [],
            CouponShares = CouponShares ?? [],
            CouponsSkipped = CouponsSkipped ?? [],
            AsksMemberPrices = AsksMemberPrices,
            MemberPrices = MemberPrices ?? [],
            EarlySales = EarlySales ?? [],
            At = At ?? occurredAt,
            Origin = new Origin(HasOriginStore ? OriginStore : store, OriginStaff, OriginTill),
        };
    }

    private static IReadOnlyList<string> NamesOf(string?[]? rules, TierId tier)
    {
        if (rules is null) return [];
        for (var i = 0; i < rules.Length; i++) rules[i] ??= RuleCodes.OfTier(tier.Value);
        return rules!;
    }

    private static JsonException Missing(string name) => new($"The required member '{name}' is missing.");
}
