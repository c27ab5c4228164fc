using ChainCrm.Client.Wire;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Programmes.EarningRules;
using ChainCrm.Domain.Stores;
using ChainCrm.Grains;

namespace ChainCrm.Silo.Api;

/// <summary>
/// Replies to writes. Each is a function of the recorded entry and of the programme version it names, and of nothing else, so that the
/// same request gets the same bytes however often and however late it is sent again.
/// </summary>
internal static class EntryReplies
{
    /// <summary>The reply to a sale.</summary>
    public static PurchaseReply Purchase(ApiServices api, string chain, CommittedEntry entry, string store, string receipt)
    {
        if (Find<PurchaseRecorded>(entry) is { } sale)
        {
            return new PurchaseReply
            {
                Customer = entry.Grain.Key,
                Store = sale.Store.Value,
                Receipt = sale.Receipt,
                AmountMinor = sale.Amount.Minor,
                PointsUsed = sale.PointsUsed.Count,
                PointsValueMinor = sale.PointsValue.Minor,
                ChargeMinor = (sale.Amount - sale.PointsValue - sale.StoredValueUsed.Sum()).Minor,
                PointsEarned = sale.PointsEarned.Count,
                PointsBonus = sale.PointsBonus.Count,
                Balance = sale.Balance.Count,
                Tier = sale.Tier.Value,
                TierChanged = TierChangeOf(api, chain, entry),
                CrossStore = sale.CrossStore,
                Grants = GrantsOf(api, chain, entry, sale),
                StoredValue = StoredValueEndpoints.MoveOf(sale.StoredValueUsed, sale.StoredValueBalance, sale.StoredValueUsed != default),
                Coupons = CouponViews.Of(api, chain, entry, sale),
                CouponsIssued = CouponViews.Issued(api, chain, entry),
                MemberPrices = MemberPriceViews.Of(api, chain, entry, sale),
                EarlySales = MemberPriceViews.Early(sale),
                ReferralPoints = Find<ReferralRewarded>(entry) is { Points.Count: > 0 } rewarded ? rewarded.Points.Count : null,
                Instructions = TillInstructions.Of(api, chain, entry, sale),
                Version = entry.Version,
            };
        }

        var walkIn = Expect<WalkInRecorded>(entry);
        return new PurchaseReply { Store = store, Receipt = receipt, AmountMinor = walkIn.Amount.Minor, ChargeMinor = walkIn.Amount.Minor, Version = entry.Version };
    }

    /// <summary>The reply to a return.</summary>
    public static ReturnReply Return(ApiServices api, string chain, CommittedEntry entry)
    {
        var returned = Expect<LinesReturned>(entry);
        return new ReturnReply
        {
            Customer = entry.Grain.Key,
            PurchaseStore = returned.PurchaseStore.Value,
            PurchaseReceipt = returned.PurchaseReceipt,
            AmountMinor = returned.Amount.Minor,
            PayBackMinor = (returned.Amount - returned.PointsValue - returned.StoredValueBack.Sum()).Minor,
            StoredValue = StoredValueEndpoints.MoveOf(returned.StoredValueBack, returned.StoredValueBalance, returned.StoredValueBackSoFar != default),
            PointsTakenBack = returned.PointsTakenBack.Count,
            PointsGivenBack = returned.PointsGivenBack.Count,
            Balance = returned.Balance.Count,
            Tier = returned.Tier.Value,
            TierChanged = TierChangeOf(api, chain, entry),
            Coupons = CouponViews.Of(api, chain, entry, returned),
            Version = entry.Version,
        };
    }

    /// <summary>The reply to a redemption.</summary>
    public static PointsReply Redemption(CommittedEntry entry)
    {
        var redeemed = Expect<PointsRedeemed>(entry);
        return new PointsReply(entry.Grain.Key, redeemed.Points.Count, redeemed.Balance.Count, entry.Version);
    }

    /// <summary>The reply to an adjustment.</summary>
    public static PointsReply Adjustment(CommittedEntry entry)
    {
        var adjusted = Expect<PointsAdjusted>(entry);
        return new PointsReply(entry.Grain.Key, adjusted.Points.Count, adjusted.Balance.Count, entry.Version);
    }

    /// <summary>The reply to an enrolment.</summary>
    public static EnrolReply Enrolment(ApiServices api, string chain, CommittedEntry entry)
    {
        var enrolled = Expect<CustomerEnrolled>(entry);
        return new EnrolReply(entry.Grain.Key, enrolled.Tier.Value, enrolled.HomeStore.Value, entry.Version) { CouponsIssued = CouponViews.Issued(api, chain, entry) };
    }

    /// <summary>An entry that sends something to another customer: the last of its events does. It is carried through within the call; should the caller be gone by then, all the same.</summary>
    public static bool Sends(CommandReply reply) => reply.Entry is { Events: [.., DeliverySent] };

    /// <summary>The event of a type in an entry; others (points that expired first, a tier that changed) may stand beside it.</summary>
    public static T? Find<T>(CommittedEntry entry) where T : class
    {
        for (var i = 0; i < entry.Events.Count; i++)
            if (entry.Events[i] is T found) return found;
        return null;
    }

    /// <summary>The same where there must be one.</summary>
    /// <exception cref="InvalidOperationException">The command id belongs to another kind of command, and its fingerprint was the same.</exception>
    public static T Expect<T>(CommittedEntry entry) where T : class =>
        Find<T>(entry) ?? throw new InvalidOperationException($"The entry at {entry.Position} holds no {typeof(T).Name}.");

    /// <summary>What earning rules gave or caps withheld, by the names of the version that decided; null when there is nothing to tell.</summary>
    public static IReadOnlyList<GrantView>? GrantsOf(ApiServices api, string chain, CommittedEntry entry, PurchaseRecorded sale)
    {
        if (sale.Grants.Count == 0) return null;
        var rules = api.ProgrammeOf(chain, entry.ProgrammeVersion).Earning;
        var views = new List<GrantView>(sale.Grants.Count);
        foreach (var grant in sale.Grants)
        {
            if (grant.Points.Count == 0 && grant.Withheld.Count == 0) continue;
            views.Add(new GrantView(grant.Rule, NameOf(rules.Find(grant.Rule)), grant.Points.Count, grant.Withheld.Count));
        }

        return views.Count == 0 ? null : views;
    }

    private static Client.Wire.TierChange? TierChangeOf(ApiServices api, string chain, CommittedEntry entry)
    {
        if (Find<TierChanged>(entry) is not { } changed) return null;
        return new Client.Wire.TierChange(changed.From.Value, changed.To.Value, NameOf(api.ProgrammeOf(chain, entry.ProgrammeVersion).TierOf(changed.To)));
    }

    /// <summary>An earning rule's name on the wire; null for no rule.</summary>
    public static LocalName? NameOf(EarningRule? rule) => rule is null ? null : new(rule.NameZh, rule.NameEn);

    /// <summary>A tier's name on the wire.</summary>
    public static LocalName NameOf(Tier tier) => new(tier.NameZh, tier.NameEn);
}
