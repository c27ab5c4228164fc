using ChainCrm.Domain.Identities;

namespace ChainCrm.Domain.Customers;

/// <summary>An open lot as plain data.</summary>
public readonly record struct OpenLotData(
    int Number, Points Granted, Points Remaining, Timestamp ActiveFrom, Timestamp? ExpiresAt, int CoversFrom, bool ByInactivity = false);

/// <summary>Points and visits of a window that once reached a tier.</summary>
public readonly record struct EvidenceMeasure(Points Points, int Visits);

/// <summary>A <see cref="CustomerState"/> as plain data, for a snapshot. Not a storage format: a snapshot of another shape is dropped and the journal read.</summary>
public sealed record CustomerStateData
{
    public required long Version { get; init; }
    public required bool IsEnrolled { get; init; }
    public Timestamp MemberSince { get; init; }
    /// <summary>Null before enrolment, as are profile and tier.</summary>
    public StoreId? HomeStore { get; init; }
    public Sealed? Profile { get; init; }
    public TierId? Tier { get; init; }
    public IReadOnlyList<IdentityRef> Identities { get; init; } = [];
    public Money LifetimeSpend { get; init; }
    public long PurchaseCount { get; init; }
    public Points Debt { get; init; }
    /// <summary>In burn order.</summary>
    public IReadOnlyList<OpenLotData> Lots { get; init; } = [];
    public int LastLot { get; init; }
    /// <summary>Newest first.</summary>
    public IReadOnlyList<Visit> Visits { get; init; } = [];
    /// <summary>Ascending.</summary>
    public IReadOnlyList<SpendDay> Spend { get; init; } = [];
    public BusinessDay LatestDay { get; init; }
    public BusinessDay? LastBonusDay { get; init; }
    public IReadOnlyList<SpendWindow> Evidence { get; init; } = [];
    public IReadOnlyList<ReturnedReceipt> Returned { get; init; } = [];
    public BusinessDay? ReturnsForgottenTo { get; init; }
    public IReadOnlyList<RuleCounter> RuleCounters { get; init; } = [];
    public BusinessDay LatestCounted { get; init; }
    public StoredValue StoredValue { get; init; }
    public bool IsStoredValueFrozen { get; init; }
    public bool ArePointsFrozen { get; init; }
    /// <summary>Those that end first in front.</summary>
    public IReadOnlyList<HeldCoupon> Coupons { get; init; } = [];
    public int LastCoupon { get; init; }
    public IReadOnlyList<int> VoidCoupons { get; init; } = [];
    public Timestamp? TierUntil { get; init; }
    public Timestamp? TierNoticeAt { get; init; }
    public BusinessDay TierSince { get; init; }
    public BusinessDay TierLookedFrom { get; init; }
    public TierId? TierByRule { get; init; }
    public int? TierGraceDays { get; init; }
    public IReadOnlyList<PointsExtension> Extensions { get; init; } = [];
    public Timestamp? InactivityEnd { get; init; }
    public int LapsedLot { get; init; }
    /// <summary>Ascending by day.</summary>
    public IReadOnlyList<MeasureDay> Measured { get; init; } = [];
    /// <summary>Points and visits of <see cref="Evidence"/>, window by window; empty when no tier asked for them.</summary>
    public IReadOnlyList<EvidenceMeasure> EvidenceMeasures { get; init; } = [];
    /// <summary>In the order in which they were put on.</summary>
    public IReadOnlyList<HeldTag> Tags { get; init; } = [];
    /// <summary>Oldest first.</summary>
    public IReadOnlyList<Basket> Baskets { get; init; } = [];
    /// <summary>Oldest first.</summary>
    public IReadOnlyList<DeliverySent> Deliveries { get; init; } = [];
    public int LastDelivery { get; init; }
}

public sealed partial class CustomerState
{
    /// <summary>The state as plain data, for a snapshot.</summary>
    public CustomerStateData Export()
    {
        var lots = new OpenLotData[_lots.All.Length];
        for (var i = 0; i < lots.Length; i++)
        {
            var lot = _lots.All[i];
            lots[i] = new OpenLotData(lot.Number, lot.Granted, lot.Remaining, lot.ActiveFrom, lot.ExpiresAt, lot.CoversFrom, lot.ByInactivity);
        }

        return new CustomerStateData
        {
            Version = Version,
            IsEnrolled = IsEnrolled,
            MemberSince = MemberSince,
            HomeStore = IsEnrolled ? HomeStore : null,
            Profile = Profile,
            Tier = IsEnrolled ? Tier : null,
            Identities = Identities,
            LifetimeSpend = LifetimeSpend,
            PurchaseCount = PurchaseCount,
            Debt = Debt,
            Lots = lots,
            LastLot = LastLot,
            Visits = Visits,
            Spend = _spend.All.ToArray(),
            LatestDay = LatestDay,
            LastBonusDay = LastBonusDay,
            Evidence = [.. _evidence],
            Returned = [.. _seldom?.Returned ?? []],
            ReturnsForgottenTo = ReturnsForgottenTo,
            RuleCounters = RuleCounters.ToArray(),
            LatestCounted = _seldom?.Counters.Latest ?? default,
            StoredValue = StoredValue,
            IsStoredValueFrozen = IsStoredValueFrozen,
            ArePointsFrozen = ArePointsFrozen,
            Coupons = Coupons.ToArray(),
            LastCoupon = LastCoupon,
            VoidCoupons = VoidCoupons.ToArray(),
            TierUntil = TierUntil,
            TierNoticeAt = TierNoticeAt,
            TierSince = TierSince,
            TierLookedFrom = TierLookedFrom,
            TierByRule = TierByRule,
            TierGraceDays = TierGraceDays,
            Extensions = [.. Extensions],
            InactivityEnd = InactivityEnd,
            LapsedLot = LapsedLot,
            Measured = [.. Measured.All],
            EvidenceMeasures = [.. (_seldom?.Counts?.Evidence ?? []).Select(one => new EvidenceMeasure(one.Points, one.Visits))],
            Tags = Tags.ToArray(),
            Baskets = Baskets.ToArray(),
            Deliveries = Deliveries.ToArray(),
            LastDelivery = LastDelivery,
        };
    }

    /// <summary>The state back from plain data.</summary>
    public static CustomerState Import(CustomerStateData data)
    {
        var state = new CustomerState
        {
            Version = data.Version,
            IsEnrolled = data.IsEnrolled,
            MemberSince = data.MemberSince,
            _profile = data.Profile?.Bytes,
            LifetimeSpend = data.LifetimeSpend,
            PurchaseCount = data.PurchaseCount,
            Debt = data.Debt,
            LastLot = data.LastLot,
            LatestDay = data.LatestDay,
            LastBonusDay = data.LastBonusDay,
            _evidence = [.. data.Evidence],
        };
        if (data.HomeStore is { } home) state.HomeStore = state.Known(home);
        if (data.Tier is { } tier) state.Tier = new TierId(string.Intern(tier.Value));
        state._identities.Set(data.Identities);
        foreach (var lot in data.Lots)
        {
            state._lots.Add(new Lot(lot.Number, lot.Granted, lot.Remaining, lot.ActiveFrom, lot.ExpiresAt, lot.CoversFrom, lot.ByInactivity));
            state.LotSum += lot.Remaining;
        }

        foreach (var day in data.Spend) state._spend.Add(day.Day, day.Spend, data.LatestDay);
        foreach (var visit in data.Visits.Reverse()) state._visits.Add(visit);
        if (data.Returned.Count == 0 && data.RuleCounters.Count == 0 && data.LatestCounted == default && data.StoredValue == default && !data.IsStoredValueFrozen && data.LastCoupon == 0 && data.Baskets.Count == 0
            && data.TierUntil is null && data.TierSince == default && data.InactivityEnd is null && !data.ArePointsFrozen && data.Measured.Count == 0 && data.EvidenceMeasures.Count == 0
            && data.TierByRule is null && data.TierGraceDays is null && data.Extensions.Count == 0 && data.Tags.Count == 0 && data.LastDelivery == 0) return state;
        state._seldom = new Seldom
        {
            Returned = [.. data.Returned.Select(returned => returned with { Store = state.Known(returned.Store) })],
            ForgottenTo = data.ReturnsForgottenTo,
            StoredValue = data.StoredValue,
            IsStoredValueFrozen = data.IsStoredValueFrozen,
            ArePointsFrozen = data.ArePointsFrozen,
            TierUntil = data.TierUntil,
            TierNoticeAt = data.TierNoticeAt,
            TierSince = data.TierSince,
            TierLookedFrom = data.TierLookedFrom,
            TierByRule = data.TierByRule is { } byRule ? new TierId(string.Intern(byRule.Value)) : null,
            TierGraceDays = data.TierGraceDays,
            Extensions = [.. data.Extensions],
            InactivityEnd = data.InactivityEnd,
            LapsedLot = data.LapsedLot,
            Tags = [.. data.Tags.Select(static held => held with { Tag = string.Intern(held.Tag) })],
            Baskets = data.Baskets.Count == 0 ? null : [.. data.Baskets],
            Deliveries = data.Deliveries.Count == 0 ? null : [.. data.Deliveries],
            LastDelivery = data.LastDelivery,
        };
        if (data.Measured.Count > 0 || data.EvidenceMeasures.Count > 0)
        {
            state._seldom.Counts = new TierCounts { Evidence = [.. data.EvidenceMeasures.Select(one => (one.Points, one.Visits))] };
            state._seldom.Counts.Days.Set([.. data.Measured.Select(day => day with { Store = state.Known(day.Store) })]);
        }

        state._seldom.Counters.Set(data.RuleCounters, data.LatestCounted);
        state._seldom.Coupons.Set(data.Coupons, data.LastCoupon, data.VoidCoupons);
        return state;
    }
}
