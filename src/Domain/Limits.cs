namespace ChainCrm.Domain;

/// <summary>Every bound of the rules. Relations between limits are asserted in tests/Tidy.</summary>
public static class Limits
{
    /// <summary>Lines of one receipt.</summary>
    public const int ReceiptLinesMax = 2_000;

    /// <summary>Largest amount of one line or receipt: 100 million in major units.</summary>
    public const long AmountMinorMax = 10_000_000_000;

    /// <summary>Largest number of points in one command.</summary>
    public const long PointsMax = 1_000_000_000;

    /// <summary>Largest quantity of a line: 1 million units.</summary>
    public const long QuantityMilliMax = 1_000_000_000;

    /// <summary>Visits a customer's state keeps for the member card.</summary>
    public const int VisitsKept = 5;

    /// <summary>Open lots a customer's state holds before small ones are merged.</summary>
    public const int OpenLotsMax = 512;

    /// <summary>Receipts with returns that a customer's state remembers.</summary>
    public const int ReturnedReceiptsMax = 256;

    /// <summary>Characters of ids and receipt numbers.</summary>
    public const int IdLengthMax = 64;

    /// <summary>Characters of a reason, a note, a name of a store.</summary>
    public const int TextLengthMax = 200;

    /// <summary>Characters of a store id and of a tier id.</summary>
    public const int StoreIdLengthMax = 32;

    /// <summary>Identities of one customer.</summary>
    public const int IdentitiesMax = 10;

    /// <summary>Bytes of a sealed profile.</summary>
    public const int SealedBytesMax = 4_096;

    /// <summary>How far a sale's time may lie ahead of the server's clock (clocks of tills drift): 10 minutes.</summary>
    public const long SaleAheadMsMax = 600_000;

    /// <summary>The first day that any sale may have; a programme may set a later one.</summary>
    public static readonly BusinessDay EarliestDay = BusinessDay.From(new DateOnly(2000, 1, 1));

    /// <summary>Largest offset of a local time from UTC, either way, in minutes.</summary>
    public const int UtcOffsetMinutesMax = 14 * 60;

    /// <summary>Windows of spend that a customer's state keeps as the evidence for its tiers.</summary>
    public const int TierEvidenceMax = 8;

    /// <summary>Characters of a programme document.</summary>
    public const int ProgrammeLengthMax = 262_144;

    /// <summary>Levels of JSON in a programme document: eight for conditions, two for each level of them that nests.</summary>
    public const int ProgrammeDepthMax = 8 + (2 * ConditionLevelsMax);

    /// <summary>Earning rules of a programme.</summary>
    public const int EarningRulesMax = 100;

    /// <summary>Characters of the id of an earning rule and of a group.</summary>
    public const int RuleIdLengthMax = 32;

    /// <summary>Levels of conditions in a rule.</summary>
    public const int ConditionLevelsMax = 5;

    /// <summary>Conditions of a rule, groups of conditions included.</summary>
    public const int ConditionsMax = 64;

    /// <summary>Values that a condition compares a fact with.</summary>
    public const int ConditionValuesMax = 500;

    /// <summary>Most points that a rule gives for a purchase, or for an item of it.</summary>
    public const long RulePointsMax = 1_000_000;

    /// <summary>Counters of caps that a customer's state holds and that still count; from here on no purchase begins another.</summary>
    public const int RuleCountersMax = 256;

    /// <summary>How long before the day of the latest sale a day's counters are kept, in days.</summary>
    public const int RuleCounterDays = 31;

    /// <summary>How long before the month of the latest sale a month's counters are kept, in months.</summary>
    public const int RuleCounterMonths = 12;

    /// <summary>How long before the year of the latest sale a year's counters are kept, in years.</summary>
    public const int RuleCounterYears = 2;

    /// <summary>Most that a card ever holds, principal and gift: a hundred of the largest top-ups.</summary>
    public const long StoredValueMinorMax = 100 * AmountMinorMax;

    /// <summary>Steps of gifts for top-ups.</summary>
    public const int TopUpGiftsMax = 20;

    /// <summary>Kinds of coupons of a programme.</summary>
    public const int CouponKindsMax = 200;

    /// <summary>Categories of coupons of a programme.</summary>
    public const int CouponCategoriesMax = 20;

    /// <summary>Rules of a programme by which coupons are issued.</summary>
    public const int CouponRulesMax = 100;

    /// <summary>Coupons on one receipt.</summary>
    public const int CouponsPerReceiptMax = 20;

    /// <summary>Coupons issued in one command or by one rule.</summary>
    public const int CouponsAtOnceMax = 20;

    /// <summary>Coupons that one customer holds.</summary>
    public const int HeldCouponsMax = 200;

    /// <summary>Coupons that one customer holds when more come back with returned goods; what would go beyond it does not come back.</summary>
    public const int CouponsWithReturnsMax = 2 * HeldCouponsMax;

    /// <summary>Used coupons that a customer's state knows not to come back, since the sale that had brought them came back.</summary>
    public const int VoidCouponsMax = 100;

    /// <summary>Pieces, pairs or full amounts for which one coupon gives.</summary>
    public const int CouponItemsMax = 1_000;

    /// <summary>Largest number of a batch of printed codes.</summary>
    public const int CodeBatchMax = 4_095;

    /// <summary>Codes of a batch.</summary>
    public const int CodesOfBatchMax = 16_000_000;

    /// <summary>Extensions of points that a customer's state remembers while they are not over; of more, the oldest goes.</summary>
    public const int ExtensionsKept = 8;

    /// <summary>Member prices of a programme.</summary>
    public const int MemberPricesMax = 200;

    /// <summary>Goods of a programme that come to some members first.</summary>
    public const int EarlyAccessMax = 100;

    /// <summary>Longest life of a coupon, in days.</summary>
    public const int CouponDaysMax = 3_660;

    /// <summary>Tags in a programme's dictionary.</summary>
    public const int TagsMax = 200;

    /// <summary>Tags of one customer; the refusal's sentence names the number.</summary>
    public const int TagsPerCustomerMax = 50;

    /// <summary>How far ahead of today the last day of a tag may lie, in days.</summary>
    public const int TagDaysMax = 3_660;

    /// <summary>Tiers of a programme.</summary>
    public const int TiersMax = 20;

    /// <summary>Largest qualifying spend of a tier.</summary>
    public const long TierSpendMinorMax = 100_000_000_000;

    /// <summary>Most visits that a tier asks for.</summary>
    public const int TierVisitsMax = 10_000;

    /// <summary>Days in stores that a customer's state keeps for tiers that ask for points or visits; beyond them the oldest are dropped.</summary>
    public const int TierVisitDaysMax = 4_096;

    /// <summary>Largest multiplier of a tier: ten times.</summary>
    public const int MultiplierPercentMax = 1_000;

    /// <summary>Most points per 100 minor units.</summary>
    public const int PointsPerUnitMax = 100;

    /// <summary>Longest time before points can be spent.</summary>
    public const int ActiveAfterDaysMax = 366;

    /// <summary>Longest life of points.</summary>
    public const int ExpiryMonthsMax = 120;

    /// <summary>Days of the year with which points end.</summary>
    public const int ExpiryDaysMax = 20;

    /// <summary>Longest time that is sure to lie between a sale and the day of the year with which its points end, in days.</summary>
    public const int ExpiryMinimumDaysMax = 3_660;

    /// <summary>How far ahead of today the end of points can be moved by hand, in days.</summary>
    public const int ExtensionDaysMax = 3_660;

    /// <summary>Largest worth of one point.</summary>
    public const long PointValueMinorMax = 1_000_000;

    /// <summary>Longest grace of points given back.</summary>
    public const int GraceDaysMax = 366;

    /// <summary>Longest qualifying window. A customer's state keeps its daily spend for this long.</summary>
    public const int QualifyingMonthsMax = 36;

    /// <summary>Largest bonus for another store: ten times.</summary>
    public const int BonusPercentMax = 1_000;

    /// <summary>Longest time between two purchases with a bonus.</summary>
    public const int CoolDownDaysMax = 366;

    /// <summary>Longest window for returns.</summary>
    public const int ReturnWindowDaysMax = 3_660;

    /// <summary>Longest lease of a basket, in minutes: a day.</summary>
    public const int BasketLeaseMinutesMax = 24 * 60;

    /// <summary>Open baskets of one customer; the refusal's sentence names the number.</summary>
    public const int OpenBasketsMax = 16;

    /// <summary>Deliveries of one customer that are under way; the refusal's sentence names the number.</summary>
    public const int OpenDeliveriesMax = 16;

    /// <summary>How long after it was sent somebody looks after a delivery of which nobody was told what came of it, milliseconds: longer than a call takes.</summary>
    public const long DeliveryDueMs = 10_000;

    /// <summary>Length of an access key's hash: SHA-256 in base64url.</summary>
    public const int SecretHashLength = 43;

    /// <summary>Largest number of a line of a receipt.</summary>
    public const int LineNumberMax = short.MaxValue;
}
