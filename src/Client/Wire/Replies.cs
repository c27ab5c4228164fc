namespace ChainCrm.Client.Wire;

/// <summary>A refusal, application/problem+json.</summary>
public sealed record Problem
{
    public string? Type { get; init; }
    public int Status { get; init; }
    /// <summary>English, one sentence.</summary>
    public string? Title { get; init; }
    /// <summary>The same in Chinese.</summary>
    public string? TitleZh { get; init; }
    /// <summary>The number of the refusal, docs/refusals.md.</summary>
    public int Code { get; init; }
    /// <summary>Its machine name.</summary>
    public string? Name { get; init; }
    /// <summary>The field that is wrong, as a JSON path.</summary>
    public string? Field { get; init; }
    /// <summary>The same request may pass later.</summary>
    public bool MayPassLater { get; init; }
    /// <summary>Further refusals of the same request (field-by-field validation of a programme).</summary>
    public IReadOnlyList<Problem>? Errors { get; init; }
}

/// <summary>A name in both languages.</summary>
public sealed record LocalName(string Zh, string En);

/// <summary>The tier, and the way to the next.</summary>
public sealed record TierView
{
    public required string Id { get; init; }
    public required LocalName Name { get; init; }
    public int MultiplierPercent { get; init; }
    /// <summary>Qualifying spend in the window.</summary>
    public long QualifyingSpendMinor { get; init; }
    public string? NextId { get; init; }
    public LocalName? NextName { get; init; }
    /// <summary>Spend still missing for the next tier; null at the top, and where the next one asks for no spend.</summary>
    public long? NextInMinor { get; init; }
    /// <summary>When the tier ends unless its spend is reached again; left out when it does not end.</summary>
    public DateTimeOffset? Until { get; init; }
    /// <summary>Spend that is missing by then to keep it; 0 when nothing is. Left out when it does not end, or asks for no spend.</summary>
    public long? KeepInMinor { get; init; }
    /// <summary>Whether tiers want <c>all</c> that they ask for, or <c>any</c> of it; left out, as are the next six, where they ask for spend only.</summary>
    public string? Qualify { get; init; }
    /// <summary>Points and visits in the window.</summary>
    public long? QualifyingPoints { get; init; }
    public int? QualifyingVisits { get; init; }
    /// <summary>What is still missing for the next tier, of what it asks for.</summary>
    public long? NextInPoints { get; init; }
    public int? NextInVisits { get; init; }
    /// <summary>What is missing to keep the tier, of what it asks for; left out when it does not end.</summary>
    public long? KeepInPoints { get; init; }
    public int? KeepInVisits { get; init; }
}

/// <summary>The points of a customer.</summary>
public sealed record PointsView
{
    /// <summary>All points less debt; negative when in debt.</summary>
    public long Balance { get; init; }
    /// <summary>None is spent or held by a basket until they are released; left out when not.</summary>
    public bool? Frozen { get; init; }
    /// <summary>Can be spent now: active, not frozen, and held by no open basket.</summary>
    public long Spendable { get; init; }
    /// <summary>What open baskets hold.</summary>
    public long Held { get; init; }
    /// <summary>Granted but not active yet.</summary>
    public long Pending { get; init; }
    public long Debt { get; init; }
    /// <summary>What expires next: at most 12 dates, soonest first.</summary>
    public IReadOnlyList<ExpiringPoints> Expiring { get; init; } = [];
}

/// <summary>Points that expire at a time.</summary>
public sealed record ExpiringPoints(DateTimeOffset At, long Points);

/// <summary>A visit.</summary>
public sealed record VisitView(string Store, string? StoreName, DateTimeOffset At, long AmountMinor, string Receipt);

/// <summary>A tag that a customer carries.</summary>
/// <param name="Id">Its id in the dictionary.</param>
/// <param name="Name">Its names today; its id twice when the dictionary has it no more.</param>
/// <param name="Until">When it ends; left out for never.</param>
public sealed record TagView(string Id, LocalName Name, DateTimeOffset? Until);

/// <summary>The answer to a change of tags.</summary>
/// <param name="Customer">Whose.</param>
/// <param name="Tag">Its id.</param>
/// <param name="Version">Of the customer's entry; 0 where the tag was carried already, with the same end.</param>
public sealed record TagReply(string Customer, string Tag, long Version);

/// <summary>The whole member card: the answer to identify, and to GET /v1/customers/{id}.</summary>
public sealed record MemberCard
{
    public required string Id { get; init; }
    /// <summary>Masked unless the caller may see it.</summary>
    public string? Name { get; init; }
    public string? Phone { get; init; }
    public string? Card { get; init; }
    public string? Birthday { get; init; }
    public string? ExternalId { get; init; }
    /// <summary>True when the personal fields are masked.</summary>
    public bool Masked { get; init; }
    /// <summary>The member's code for recommending the chain; left out where the programme rewards no referrals.</summary>
    public string? ReferralCode { get; init; }
    public required string HomeStore { get; init; }
    public string? HomeStoreName { get; init; }
    public DateTimeOffset MemberSince { get; init; }
    public required TierView Tier { get; init; }
    /// <summary>Left out where there is none and nothing is frozen.</summary>
    public StoredValueView? StoredValue { get; init; }
    public required PointsView Points { get; init; }
    /// <summary>Coupons in the customer's hand, those that end first in front.</summary>
    public IReadOnlyList<CouponView> Coupons { get; init; } = [];
    /// <summary>Tags that have not ended, in the order in which they were put on; at most 50.</summary>
    public IReadOnlyList<TagView> Tags { get; init; } = [];
    /// <summary>The last visits at any store, newest first; at most 5.</summary>
    public IReadOnlyList<VisitView> Visits { get; init; } = [];
    /// <summary>Net lifetime spend and number of purchases.</summary>
    public long LifetimeSpendMinor { get; init; }
    public long PurchaseCount { get; init; }
    /// <summary>Number of the customer's newest entry; grows with each change.</summary>
    public long Version { get; init; }
}

/// <summary>A page of customers by id: GET /v1/customers?after=id&amp;limit=n. Fields are masked unless the caller may see them.</summary>
/// <param name="Customers">The cards, in order of id.</param>
/// <param name="NextAfter">What to send as <c>after</c> for the next page; null when this page is the last.</param>
public sealed record CustomerPage(IReadOnlyList<MemberCard> Customers, string? NextAfter);

/// <summary>The answer to an enrolment.</summary>
public sealed record EnrolReply(string Id, string Tier, string HomeStore, long Version)
{
    /// <summary>Coupons for the new member; left out when none.</summary>
    public IReadOnlyList<CouponView>? CouponsIssued { get; init; }
}

/// <summary>A tier change within a reply.</summary>
public sealed record TierChange(string From, string To, LocalName ToName);

/// <summary>What a till is asked to do with the customer in front of it.</summary>
/// <param name="Do">say: to the customer; print: on the receipt; show: to the cashier.</param>
/// <param name="Code">Names the occasion: tier.reached, coupon.issued, referral.rewarded, price.saved, price.early.</param>
/// <param name="Zh">The words, ready to be said or printed.</param>
/// <param name="En">The same in English.</param>
public sealed record TillInstruction(string Do, string Code, string Zh, string En);

/// <summary>The answer to a purchase; a function of the recorded entry alone, so a retry gets the same bytes.</summary>
public sealed record PurchaseReply
{
    /// <summary>Null for a sale to nobody known.</summary>
    public string? Customer { get; init; }
    public required string Store { get; init; }
    public required string Receipt { get; init; }
    public long AmountMinor { get; init; }
    public long PointsUsed { get; init; }
    public long PointsValueMinor { get; init; }
    /// <summary>What the till charges in money.</summary>
    public long ChargeMinor { get; init; }
    public long PointsEarned { get; init; }
    public long PointsBonus { get; init; }
    public long Balance { get; init; }
    public string? Tier { get; init; }
    public TierChange? TierChanged { get; init; }
    public bool CrossStore { get; init; }
    /// <summary>What earning rules gave, or caps withheld; left out when no rule applied.</summary>
    public IReadOnlyList<GrantView>? Grants { get; init; }
    /// <summary>Left out when none was used.</summary>
    public StoredValueMove? StoredValue { get; init; }
    /// <summary>Left out when no coupon was asked for.</summary>
    public SaleCouponsView? Coupons { get; init; }
    /// <summary>Coupons that the sale brought; left out when none.</summary>
    public IReadOnlyList<CouponView>? CouponsIssued { get; init; }
    /// <summary>What member prices took off lines; left out when none did.</summary>
    public IReadOnlyList<MemberPriceView>? MemberPrices { get; init; }
    /// <summary>Lines that were sold before they were on sale for this customer; left out when none.</summary>
    public IReadOnlyList<int>? EarlySales { get; init; }
    /// <summary>Points because somebody recommended the chain, beside those earned; left out when none.</summary>
    public long? ReferralPoints { get; init; }
    /// <summary>What the till is asked to say, print and show, in this order; left out for nothing.</summary>
    public IReadOnlyList<TillInstruction>? Instructions { get; init; }
    public long Version { get; init; }
}

/// <summary>One result of a batch: either a reply or a problem.</summary>
public sealed record PurchaseResult { public PurchaseReply? Reply { get; init; } public Problem? Problem { get; init; } }

/// <summary>The answer to a batch, in the order of the request.</summary>
public sealed record PurchaseBatchReply(IReadOnlyList<PurchaseResult> Results);

/// <summary>The answer to a return.</summary>
public sealed record ReturnReply
{
    public required string Customer { get; init; }
    public required string PurchaseStore { get; init; }
    public required string PurchaseReceipt { get; init; }
    public long AmountMinor { get; init; }
    /// <summary>What the till pays back in money.</summary>
    public long PayBackMinor { get; init; }
    public long PointsTakenBack { get; init; }
    public long PointsGivenBack { get; init; }
    /// <summary>Left out when the receipt used none.</summary>
    public StoredValueMove? StoredValue { get; init; }
    public long Balance { get; init; }
    public string? Tier { get; init; }
    public TierChange? TierChanged { get; init; }
    /// <summary>Left out when the return changed none.</summary>
    public ReturnCouponsView? Coupons { get; init; }
    public long Version { get; init; }
}

/// <summary>Stored value: principal that was paid in, and gift that the chain added; minor units.</summary>
public sealed record StoredValueView(long PrincipalMinor, long GiftMinor)
{
    /// <summary>Nothing is paid in, out or spent. Left out where it is not asked for.</summary>
    public bool? Frozen { get; init; }
    /// <summary>Of both together, what open baskets hold. Left out where there is none.</summary>
    public long? HeldMinor { get; init; }
}

/// <summary>Stored value that a sale used, or that a return gave back, and what is there afterwards.</summary>
public sealed record StoredValueMove(StoredValueView Moved, StoredValueView Balance);

/// <summary>The answer to a top-up, a refund, a freeze.</summary>
public sealed record StoredValueReply
{
    public required string Customer { get; init; }
    /// <summary>Principal and gift that moved; both 0 for a freeze.</summary>
    public required StoredValueView Moved { get; init; }
    /// <summary>What is there afterwards; left out for a freeze.</summary>
    public StoredValueView? Balance { get; init; }
    /// <summary>Coupons that a top-up brought; left out when none.</summary>
    public IReadOnlyList<CouponView>? CouponsIssued { get; init; }
    public long Version { get; init; }
}

/// <summary>The answer to a redemption or an adjustment.</summary>
public sealed record PointsReply(string Customer, long Points, long Balance, long Version);

/// <summary>The answer to a transfer: the giver's side of it. The points are the receiver's at once, as a rule; whatever goes wrong on the way, they arrive or come back.</summary>
/// <param name="From">Who gave.</param>
/// <param name="To">Who gets.</param>
/// <param name="Points">How many points.</param>
/// <param name="Balance">The giver's balance afterwards.</param>
/// <param name="Transfer">Its number among the giver's.</param>
/// <param name="Version">Of the giver's entry.</param>
public sealed record TransferReply(string From, string To, long Points, long Balance, int Transfer, long Version);

/// <summary>The answer to a freeze of points or its release.</summary>
/// <param name="Customer">The customer.</param>
/// <param name="Frozen">What holds now.</param>
/// <param name="Version">Of the customer's entry; 0 when it was so already.</param>
public sealed record PointsFreezeReply(string Customer, bool Frozen, long Version);

/// <summary>The answer to an extension.</summary>
/// <param name="Customer">The customer.</param>
/// <param name="Points">How many points end later now.</param>
/// <param name="EndsAt">When.</param>
/// <param name="Version">Of the customer's entry.</param>
public sealed record PointsExtendedReply(string Customer, long Points, DateTimeOffset EndsAt, long Version);

/// <summary>One line of a statement.</summary>
public sealed record StatementLine
{
    public long Version { get; init; }
    public DateTimeOffset At { get; init; }
    /// <summary>enrolled, profile, purchase, return, redeemed, adjusted, expired, tier, topped-up, refunded, frozen, released, coupons-issued, coupon-revoked, coupons-expired, basket-opened, basket-changed,
    /// basket-cancelled, basket-paid, basket-expired, tier-kept, tier-forecast, points-extended, points-frozen, points-released, tag-added, tag-removed, referral-rewarded,
    /// referral-withdrawn, referral-received, referral-taken-back, transfer-sent, transfer-received, transfer-given-back.</summary>
    public required string Kind { get; init; }
    public string? Store { get; init; }
    public string? Staff { get; init; }
    public string? Till { get; init; }
    public string? Receipt { get; init; }
    public long? AmountMinor { get; init; }
    /// <summary>Change of the balance by this line.</summary>
    public long Points { get; init; }
    public long? Balance { get; init; }
    public string? Tier { get; init; }
    public string? Note { get; init; }
    /// <summary>The customer to whom points went, or from whom they came; left out for every other line.</summary>
    public string? OtherCustomer { get; init; }
    /// <summary>When the points that were extended end now, or the tag that was put on; left out for every other line.</summary>
    public DateTimeOffset? EndsAt { get; init; }
    /// <summary>Of a tier's forecast beside the spend: points and visits that are missing; left out when none are.</summary>
    public long? MissingPoints { get; init; }
    public int? MissingVisits { get; init; }
    /// <summary>Any one of what is missing would do.</summary>
    public bool? AnyIsEnough { get; init; }
    /// <summary>Change of the stored value by this line, principal and gift; left out when there is none.</summary>
    public StoredValueView? StoredValue { get; init; }
    public IReadOnlyList<string> Rules { get; init; } = [];
    /// <summary>What earning rules gave, or caps withheld; left out when no rule applied.</summary>
    public IReadOnlyList<GrantView>? Grants { get; init; }
    /// <summary>Names of the coupons that came, went or were used, each as often as it did; left out when none.</summary>
    public IReadOnlyList<LocalName>? Coupons { get; init; }
    /// <summary>The tag that was put on or taken off, as it was called then; left out for every other line.</summary>
    public LocalName? Tag { get; init; }
    /// <summary>The basket that the line is about; left out when it is about none or several.</summary>
    public string? Basket { get; init; }
    /// <summary>Change of what is held by this line; left out when it is about no basket.</summary>
    public HoldView? Held { get; init; }
    public int ProgrammeVersion { get; init; }
}

/// <summary>A page of a statement, newest first. GET /v1/customers/{id}/statement?before=version&amp;limit=n.</summary>
public sealed record StatementPage(IReadOnlyList<StatementLine> Lines, long? NextBefore);

/// <summary>A store with its totals.</summary>
public sealed record StoreView
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Region { get; init; }
    public required string City { get; init; }
    public required string Status { get; init; }
    /// <summary>Since the first day: net of returns at the store of purchase, walk-ins included.</summary>
    public long RevenueMinor { get; init; }
    public long Purchases { get; init; }
    public long WalkIns { get; init; }
}

/// <summary>A list of stores.</summary>
public sealed record StoreList(IReadOnlyList<StoreView> Stores);

/// <summary>The running programme.</summary>
public sealed record ProgrammeView(int Version, System.Text.Json.JsonElement Document, DateTimeOffset? PublishedAt, string? Note);

/// <summary>A new key; the secret is shown this once.</summary>
public sealed record KeyReply(string Id, string Key, string Role, string? Store, string? Till);

/// <summary>A key in a list.</summary>
public sealed record KeyView(string Id, string Role, string? Store, string? Till, string? Label, bool SeesPersonal, bool Revoked);

/// <summary>The keys of a chain.</summary>
public sealed record KeyList(IReadOnlyList<KeyView> Keys);

/// <summary>An entry of the journal for auditors: GET /v1/journal?after=position&amp;limit=n. Personal fields stay sealed.</summary>
public sealed record JournalEntryView
{
    public long Position { get; init; }
    public required string Stream { get; init; }
    public long Version { get; init; }
    public required string CommandId { get; init; }
    public DateTimeOffset At { get; init; }
    public int Programme { get; init; }
    public IReadOnlyList<JournalEventView> Events { get; init; } = [];
}

/// <summary>One event: its contract name (customer.purchase-recorded.2) and its stored JSON.</summary>
public sealed record JournalEventView(string Type, System.Text.Json.JsonElement Data);

/// <summary>A page of the journal.</summary>
public sealed record JournalPage(IReadOnlyList<JournalEntryView> Entries, long Head);

/// <summary>What the running system holds of a customer, for auditors: POST /v1/audit/customers with a list of ids (at most 1,000).</summary>
public sealed record CustomerFigures
{
    public required string Id { get; init; }
    public long Version { get; init; }
    public long Balance { get; init; }
    public long Debt { get; init; }
    /// <summary>Sum of what is left in lots.</summary>
    public long LotSum { get; init; }
    public required string Tier { get; init; }
    public long LifetimeSpendMinor { get; init; }
    public long PurchaseCount { get; init; }
    /// <summary>Stored value, principal and gift; minor units.</summary>
    public long PrincipalMinor { get; init; }
    public long GiftMinor { get; init; }
    /// <summary>Coupons in the customer's hand, those included that are over and not written off yet.</summary>
    public int Coupons { get; init; }
}

/// <summary>A request for figures.</summary>
public sealed record CustomerFiguresRequest { public IReadOnlyList<string>? Ids { get; init; } }

/// <summary>The figures, in the order asked.</summary>
public sealed record CustomerFiguresReply(IReadOnlyList<CustomerFigures> Customers);

/// <summary>Totals of the read models: GET /v1/stats.</summary>
public sealed record StatsReply
{
    /// <summary>Journal position that the totals show; <see cref="Head"/> is the newest.</summary>
    public long Position { get; init; }
    public long Head { get; init; }
    public long Members { get; init; }
    public long Stores { get; init; }
    public long Purchases { get; init; }
    public long WalkIns { get; init; }
    public long Returns { get; init; }
    public long RevenueMinor { get; init; }
    public long PointsGiven { get; init; }
    public long PointsUsed { get; init; }
    public long CrossStorePurchases { get; init; }
    /// <summary>Customers with purchases at two or more stores, and with any purchase.</summary>
    public long CustomersAtTwoStores { get; init; }
    public long CustomersWithPurchase { get; init; }
}
