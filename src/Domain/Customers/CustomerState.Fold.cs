using ChainCrm.Domain.Identities;
using ChainCrm.Domain.Programmes.Coupons;
using ChainCrm.Domain.Programmes.EarningRules;

namespace ChainCrm.Domain.Customers;

// How each event changes the state. Nothing here decides.
public sealed partial class CustomerState
{
    internal void Fold(CustomerEnrolled e)
    {
        (IsEnrolled, MemberSince, Tier) = (true, e.At, new TierId(string.Intern(e.Tier.Value)));
        FoldProfile(e.HomeStore, e.Profile, e.Identities);
    }

    internal void Fold(ProfileChanged e) => FoldProfile(e.HomeStore, e.Profile, e.Identities);

    internal void Fold(PurchaseRecorded e)
    {
        if (e.LotsUsed.Count > 0) LotSum -= _lots.Take(e.LotsUsed);
        Debt -= e.DebtPaid;
        if (e.ByInactivity) MoveInactivityEnd(e.ExpiresAt!.Value, e.At);
        var (number, points) = (0, Points.Zero);
        for (var i = 0; i < e.Lines.Count; i++)
        {
            var line = e.Lines[i];
            if (line.Lot == 0) continue;
            if (line.Lot != number)
            {
                Grant(number, points, e.ActiveFrom, e.ExpiresAt, e.ByInactivity);
                (number, points) = (line.Lot, Points.Zero);
            }

            points += line.LotPoints;
        }

        Grant(number, points, e.ActiveFrom, e.ExpiresAt, e.ByInactivity);
        LifetimeSpend += e.Amount;
        PurchaseCount++;
        if (e.BusinessDay > LatestDay) LatestDay = e.BusinessDay;
        _spend.Add(e.BusinessDay, e.Amount, LatestDay);
        if (e.QualifyingPoints is null) AddToEvidence(e.BusinessDay, e.Amount);
        else CountMeasures(new MeasureDay(e.BusinessDay, Known(e.Store), e.Amount > Money.Zero ? 1 : 0, e.PointsEarned), e.Amount);
        if (e.PointsBonus > Points.Zero && (LastBonusDay is not { } last || e.BusinessDay > last)) LastBonusDay = e.BusinessDay;
        _visits.Add(new Visit(e.Store, e.Receipt, e.OccurredAt, e.Amount));
        if (e.StoredValueUsed != default) FoldStoredValue(StoredValue.Zero - e.StoredValueUsed);
        for (var i = 0; i < e.Grants.Count; i++) Count(e.Grants[i].Rule, e.Grants[i].Counted, e.BusinessDay, e.Grants[i].Points);
        for (var i = 0; i < e.Coupons.Count; i++) (_seldom ??= new Seldom()).Coupons.Remove(e.Coupons[i].Number);
    }

    internal void Fold(LinesReturned e)
    {
        if (e.LotsTaken.Count > 0) LotSum -= _lots.Take(e.LotsTaken);
        Debt = Debt + e.DebtAdded - e.DebtPaid;
        for (var i = 0; i < e.LotsGivenBack.Count; i++) Grant(e.LotsGivenBack[i], e.At);
        LifetimeSpend -= e.Amount;
        var taken = new Money(checked(-e.Amount.Minor));
        _spend.Add(e.PurchaseDay, taken, LatestDay);
        if (e.PointsUncounted == Points.Zero && !e.VisitUncounted) AddToEvidence(e.PurchaseDay, taken);
        else CountMeasures(new MeasureDay(e.PurchaseDay, Known(e.PurchaseStore), e.VisitUncounted ? -1 : 0, -e.PointsUncounted), taken);
        if (e.StoredValueBack != default) FoldStoredValue(e.StoredValueBack);
        for (var i = 0; i < e.GrantsBack.Count; i++) Count(e.GrantsBack[i].Rule, e.GrantsBack[i].Counted, e.PurchaseDay, -e.GrantsBack[i].Points);
        FoldCoupons(e);
        (_seldom ??= new Seldom()).Remember(new ReturnedReceipt(Known(e.PurchaseStore), e.PurchaseReceipt, e.PurchaseDay, Version + 1));
    }

    internal void Fold(PointsRedeemed e) => LotSum -= _lots.Take(e.LotsUsed);

    internal void Fold(PointsAdjusted e)
    {
        LotSum -= _lots.Take(e.LotsTaken);
        Debt = Debt + e.DebtAdded - e.DebtPaid;
        for (var i = 0; i < e.LotsGranted.Count; i++) Grant(e.LotsGranted[i], e.At);
    }

    internal void Fold(CouponsIssued e)
    {
        var seldom = _seldom ??= new Seldom();
        for (var i = 0; i < e.Coupons.Count; i++)
        {
            var coupon = e.Coupons[i];
            seldom.Coupons.Add(new HeldCoupon(coupon.Number, coupon.Kind, coupon.From, coupon.Until, e.Origin.Store));
            if (coupon.Counted != CapPeriods.None) Count(CouponKind.CounterOf(coupon.Kind), coupon.Counted, e.Day, new Points(1));
        }
    }

    internal void Fold(CouponRevoked e) => _seldom?.Coupons.Remove(e.Number);

    internal void Fold(CouponsExpired e)
    {
        for (var i = 0; i < e.Coupons.Count; i++) _seldom?.Coupons.Remove(e.Coupons[i].Number);
    }

    internal void Fold(StoredValueToppedUp e) => FoldStoredValue(new StoredValue(e.Amount, e.Gift));

    internal void Fold(StoredValueRefunded e) => FoldStoredValue(StoredValue.Zero - new StoredValue(e.Amount, e.GiftWithdrawn));

    internal void FoldFreeze(bool frozen) => (_seldom ??= new Seldom()).IsStoredValueFrozen = frozen;

    internal void FoldPointsFreeze(bool frozen) => (_seldom ??= new Seldom()).ArePointsFrozen = frozen;

    internal void Fold(TagAdded e)
    {
        var seldom = _seldom ??= new Seldom();
        seldom.Tags = TagRules.With(seldom.Tags, new HeldTag(string.Intern(e.Tag), e.Until));
    }

    internal void Fold(TagRemoved e)
    {
        if (_seldom is { } seldom) seldom.Tags = Array.FindAll(seldom.Tags, held => held.Tag != e.Tag);
    }

    internal void Fold(PointsExpired e) => LotSum -= _lots.Take(e.Lots);

    internal void Fold(PointsExtended e)
    {
        if (_lots.Extend(e.Until, e.EndingBy)) MoveInactivityEnd(e.Until, e.At);
        var seldom = _seldom ??= new Seldom();
        var kept = seldom.Extensions.Where(extension => extension.Until > e.At).TakeLast(Limits.ExtensionsKept - 1);
        seldom.Extensions = [.. kept, new PointsExtension(e.At, e.Until, e.EndingBy, LastLot)];
    }

    internal void Fold(TierChanged e)
    {
        Tier = new TierId(string.Intern(e.To.Value));
        SetTierTerm(e.Until, e.NoticeAt, e.GraceDays);
        if (e.Reason == TierTerms.SpendMissed) Looked(e.WindowFrom, e.WindowTo, e.ByRule ? Tier : null);
        // A window that did not reach the tier carries nothing.
        if (e.WindowTo.Number != 0 && !e.ByRule) SetEvidence(new SpendWindow(e.WindowFrom, e.WindowTo, e.QualifyingSpend), e.QualifyingPoints, e.QualifyingVisits);
    }

    internal void Fold(TierProlonged e)
    {
        SetTierTerm(e.Until, e.NoticeAt, e.GraceDays);
        // When its time only begins, nothing was looked at: what carried the tier still does.
        if (e.Reason != TierTerms.SpendReachedAgain) return;
        Looked(e.WindowFrom, e.WindowTo, e.ByRule ? Tier : null);
        if (!e.ByRule) SetEvidence(new SpendWindow(e.WindowFrom, e.WindowTo, e.QualifyingSpend), e.QualifyingPoints, e.QualifyingVisits);
    }

    internal void Fold(TierForecast _) => _seldom!.TierNoticeAt = null;

    internal void Fold(LotsMerged e)
    {
        foreach (var merge in e.Merges)
        {
            _lots.Merge(merge);
            LastLot = Math.Max(LastLot, merge.Into.Lot);
        }
    }

    private void FoldProfile(StoreId homeStore, Sealed profile, IReadOnlyList<IdentityRef> identities)
    {
        HomeStore = Known(homeStore);
        _profile = profile.Bytes;
        _identities.Set(identities);
    }

    private void Grant(LotGrant grant, Timestamp at)
    {
        if (grant.ByInactivity) MoveInactivityEnd(grant.ExpiresAt!.Value, at);
        Grant(grant.Lot, grant.Points, grant.ActiveFrom, grant.ExpiresAt, grant.ByInactivity);
    }

    private void Grant(int number, Points points, Timestamp activeFrom, Timestamp? expiresAt, bool byInactivity)
    {
        if (number == 0 || points == Points.Zero) return;
        _lots.Add(new Lot(number, points, points, activeFrom, byInactivity ? InactivityEnd : expiresAt, byInactivity: byInactivity));
        LotSum += points;
        LastLot = Math.Max(LastLot, number);
    }

    /// <summary>The one end of all lots that end by inactivity: kept once, however many they are, and never moved back.</summary>
    private void MoveInactivityEnd(Timestamp end, Timestamp at)
    {
        var seldom = _seldom ??= new Seldom();
        if (seldom.InactivityEnd <= at) seldom.LapsedLot = LastLot;
        if (seldom.InactivityEnd >= end) return;
        seldom.InactivityEnd = end;
        _lots.MoveEnds(end);
    }

    private void SetTierTerm(Timestamp? until, Timestamp? noticeAt, int? graceDays)
    {
        if (_seldom is null && until is null && noticeAt is null) return;
        var seldom = _seldom ??= new Seldom();
        (seldom.TierUntil, seldom.TierNoticeAt, seldom.TierGraceDays) = (until, noticeAt, graceDays);
    }

    private void FoldCoupons(LinesReturned e)
    {
        for (var i = 0; i < e.CouponsWithdrawn.Count; i++)
        {
            var gone = e.CouponsWithdrawn[i];
            _seldom?.Coupons.Remove(gone.Number);
            if (gone.Counted != CapPeriods.None) Count(CouponKind.CounterOf(gone.Kind), gone.Counted, e.PurchaseDay, new Points(-1));
        }

        for (var i = 0; i < e.CouponsVoided.Count; i++) (_seldom ??= new Seldom()).Coupons.AddVoid(e.CouponsVoided[i]);
        for (var i = 0; i < e.CouponsBack.Count; i++) (_seldom ??= new Seldom()).Coupons.Add(e.CouponsBack[i]);
    }

    private void FoldStoredValue(StoredValue change)
    {
        var seldom = _seldom ??= new Seldom();
        seldom.StoredValue += change;
    }

    private void Count(string rule, CapPeriods counted, BusinessDay day, Points points)
    {
        if (counted != CapPeriods.None) (_seldom ??= new Seldom()).Counters.Add(rule, counted, day, points, LatestDay);
    }

    // The text the state has already, where it is the same. Codecs and directories share the texts of stores among customers; to look into a table of texts
    // here, too, would cost each sale in another store as much as deciding it.
    private StoreId Known(StoreId store) => store == HomeStore ? HomeStore : store;
}
