using ChainCrm.Domain.Identities;
using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Programmes.EarningRules;

namespace ChainCrm.Domain.Customers;

/// <summary>A visit as the member card shows it.</summary>
public readonly record struct Visit(StoreId Store, string Receipt, Timestamp OccurredAt, Money Amount);

/// <summary>A receipt of which something came back, and the stream version of the entry with its last return.</summary>
public readonly record struct ReturnedReceipt(StoreId Store, string Receipt, BusinessDay Day, long Version);

/// <summary>
/// One customer: the fold of its events. Changed in place by the one thread that owns it, so that a hot customer costs no garbage, and
/// kept in a few flat arrays, so that a million customers cost the garbage collector little to walk.
/// </summary>
public sealed partial class CustomerState
{
    private byte[]? _profile;
    private PackedIdentities _identities;
    private LotBook _lots;
    private SpendDays _spend;
    private RecentVisits _visits;
    private SpendWindow[] _evidence = [];
    private Seldom? _seldom;
    // A number instead of a nullable one: every customer in memory has it.
    private int _lastBonusDay = int.MinValue;

    /// <summary>False before the first event.</summary>
    public bool IsEnrolled { get; private set; }
    public Timestamp MemberSince { get; private set; }
    public StoreId HomeStore { get; private set; }
    public Sealed? Profile => _profile is null ? null : new Sealed(_profile);
    public IReadOnlyList<IdentityRef> Identities => _identities.ToList();
    public TierId Tier { get; private set; }
    /// <summary>Net of returns.</summary>
    public Money LifetimeSpend { get; private set; }
    public long PurchaseCount { get; private set; }
    public Points Debt { get; private set; }
    /// <summary>Sum of what is left in lots, less debt.</summary>
    public Points Balance => LotSum - Debt;
    public Points LotSum { get; private set; }
    /// <summary>Open lots in burn order: soonest expiry, then oldest, never-expiring last.</summary>
    public ReadOnlySpan<Lot> Lots => _lots.All;
    /// <summary>Newest first, at most <see cref="Limits.VisitsKept"/>; a new list each time.</summary>
    public IReadOnlyList<Visit> Visits => _visits.ToArray(HomeStore);

    /// <summary>
    /// Version of the stream that this state shows. Whoever folds calls <see cref="EntryFolded"/> after the last event of each entry:
    /// the state remembers in which entry a receipt was last returned, because that entry says what has come back so far.
    /// </summary>
    public long Version { get; private set; }

    /// <summary>Number of the newest lot.</summary>
    internal int LastLot { get; private set; }
    /// <summary>Business day of the latest sale; 0 before the first.</summary>
    internal BusinessDay LatestDay { get; private set; }
    /// <summary>Business day of the latest purchase that earned a bonus for another store; null before the first.</summary>
    internal BusinessDay? LastBonusDay { get => Maybe(_lastBonusDay); private set => _lastBonusDay = Plain(value); }
    /// <summary>Returns of purchases up to this day are forgotten but for those still remembered; null while none is.</summary>
    internal BusinessDay? ReturnsForgottenTo => _seldom?.ForgottenTo;
    /// <summary>Windows whose spend reached a tier, as they stand after returns.</summary>
    internal ReadOnlySpan<SpendWindow> Evidence => _evidence;
    internal ref readonly SpendDays Spend => ref _spend;
    /// <summary>Points and visits, from the first purchase whose programme asked for them.</summary>
    internal MeasureDays Measured => _seldom?.Counts?.Days ?? default;

    /// <summary>Principal and gift of what was paid in beforehand.</summary>
    public StoredValue StoredValue => _seldom?.StoredValue ?? default;

    /// <summary>Nothing of it is paid in, out or spent.</summary>
    public bool IsStoredValueFrozen => _seldom?.IsStoredValueFrozen ?? false;

    /// <summary>No points are spent or held by baskets; they are earned, come back and end as ever.</summary>
    public bool ArePointsFrozen => _seldom?.ArePointsFrozen ?? false;

    /// <summary>Tags in the order in which they were put on; some may have ended.</summary>
    public ReadOnlySpan<HeldTag> Tags => _seldom is null ? [] : _seldom.Tags;

    /// <summary>What rules with caps have given, net of returns.</summary>
    public ReadOnlySpan<RuleCounter> RuleCounters => _seldom is null ? [] : _seldom.Counters.All;

    /// <summary>How many points a cap of a rule leaves for a sale of a day.</summary>
    internal Points RuleRoomOf(string rule, EarningCap cap, BusinessDay day) =>
        _seldom is null ? default(RuleCounters).RoomOf(rule, cap, day, LatestDay) : _seldom.Counters.RoomOf(rule, cap, day, LatestDay);

    /// <summary>Coupons in the customer's hand, those that end first in front; some may be over and not written off yet.</summary>
    public ReadOnlySpan<HeldCoupon> Coupons => _seldom is null ? [] : _seldom.Coupons.All;

    /// <summary>Number of the newest coupon.</summary>
    internal int LastCoupon => _seldom?.Coupons.Last ?? 0;

    /// <summary>Place of a coupon among <see cref="Coupons"/>; -1 when it is not held.</summary>
    internal int CouponAt(int number) => _seldom?.Coupons.IndexOf(number) ?? -1;

    /// <summary>A coupon was used, and the sale that had brought it came back: it does not come back itself.</summary>
    internal bool IsCouponVoid(int number) => _seldom is not null && _seldom.Coupons.Void.Contains(number);

    /// <summary>Numbers of such coupons.</summary>
    public ReadOnlySpan<int> VoidCoupons => _seldom is null ? [] : _seldom.Coupons.Void;

    /// <summary>How many coupons are over.</summary>
    internal int CouponsOver(Timestamp at) => _seldom?.Coupons.CountOver(at) ?? 0;

    /// <summary>Tells the state that all events of one entry are folded.</summary>
    public void EntryFolded() => Version++;

    /// <summary>What can be spent at a time: active and not expired.</summary>
    public Points SpendableAt(Timestamp at)
    {
        var sum = Points.Zero;
        foreach (ref readonly var lot in _lots.All)
        {
            if (lot.ActiveFrom <= at && !lot.IsOver(at)) sum += lot.Remaining;
        }

        return sum;
    }

    /// <summary>Granted but not active at a time.</summary>
    public Points PendingAt(Timestamp at)
    {
        var sum = Points.Zero;
        foreach (ref readonly var lot in _lots.All)
        {
            if (lot.ActiveFrom > at && !lot.IsOver(at)) sum += lot.Remaining;
        }

        return sum;
    }

    /// <summary>When all points that end by inactivity do, as things stand; null before the first purchase whose points do.</summary>
    public Timestamp? InactivityEnd => _seldom?.InactivityEnd;

    /// <summary>Number of the newest lot that was there when such an end had passed: it, and all of the kind before it, have ended.</summary>
    internal int LapsedLot => _seldom?.LapsedLot ?? 0;

    /// <summary>When the tier ends unless its spend is reached again; null for never.</summary>
    public Timestamp? TierUntil => _seldom?.TierUntil;

    /// <summary>When the tier is looked at ahead of its end; null for never, or when that is done.</summary>
    internal Timestamp? TierNoticeAt => _seldom?.TierNoticeAt;

    /// <summary>Windows that ended before this day carry no tier any more.</summary>
    internal BusinessDay TierSince => _seldom?.TierSince ?? default;

    /// <summary>First day of the window that was looked at then.</summary>
    internal BusinessDay TierLookedFrom => _seldom?.TierLookedFrom ?? default;

    /// <summary>The tier that the rules left at the last look, though the spend did not reach it: no return takes it.</summary>
    internal TierId? TierByRule => _seldom?.TierByRule;

    /// <summary>Days of grace in <see cref="TierUntil"/>; null when its entry does not say.</summary>
    internal int? TierGraceDays => _seldom?.TierGraceDays;

    /// <summary>Extensions of points that are not over, oldest first.</summary>
    internal ReadOnlySpan<PointsExtension> Extensions => _seldom is null ? [] : _seldom.Extensions;

    /// <summary>What the window that decides at the end of the tier holds by now.</summary>
    /// <param name="until">That end.</param>
    /// <param name="programme">The rules.</param>
    public TierMeasures MeasuresTowards(Timestamp until, Programme programme) => TierTerms.WindowAt(this, until, programme).Held;

    /// <summary>What the window that ends on a day holds.</summary>
    public TierMeasures Qualifying(BusinessDay today, Programme programme) => MeasuresOf(programme.Window.FirstDay(today), today, programme);

    internal TierMeasures MeasuresOf(BusinessDay from, BusinessDay to, Programme programme)
    {
        if (!programme.AsksMeasures) return new TierMeasures(_spend.Sum(from, to));
        var (points, visits) = Measured.Sum(from, to);
        return new TierMeasures(_spend.Sum(from, to), points, visits);
    }

    /// <summary>A window that once reached a tier, with all that it holds.</summary>
    internal TierWindow EvidenceAt(int place)
    {
        var (window, more) = (_evidence[place], _seldom?.Counts is { Evidence.Length: > 0 } counts ? counts.Evidence[place] : default);
        return new TierWindow(window.From, window.To, new TierMeasures(window.Spend, more.Points, more.Visits));
    }

    /// <summary>Net spend of the window of <paramref name="months"/> months that ends on a day.</summary>
    public Money QualifyingSpend(BusinessDay today, int months) => _spend.Sum(SpendWindow.FirstDay(today, months), today);

    /// <summary>When the soonest lot or coupon ends; null when none does.</summary>
    public Timestamp? NextExpiry
    {
        get
        {
            var lot = _lots.All is [var first, ..] ? first.ExpiresAt : null;
            return Coupons is [var coupon, ..] && coupon.Until is { } until && !(lot <= until) ? until : lot;
        }
    }

    /// <summary>Stream version of the entry with the last return of a receipt; null when nothing of it came back yet.</summary>
    public long? LastReturnOf(StoreId store, string receipt)
    {
        foreach (var returned in _seldom?.Returned ?? [])
        {
            if (returned.Store == store && returned.Receipt == receipt) return returned.Version;
        }

        return null;
    }

    /// <summary>The store of the last visit up to the time of a sale; null when there is none.</summary>
    internal StoreId? StoreBefore(RecordPurchase purchase) => _visits.StoreBefore(purchase.OccurredAt, HomeStore, purchase.Store);

    private static BusinessDay? Maybe(int number) => number == int.MinValue ? null : new BusinessDay(number);

    private static int Plain(BusinessDay? day) => day?.Number ?? int.MinValue;

    internal bool HasProfile(Sealed profile) => _profile is not null && _profile.AsSpan().SequenceEqual(profile.Bytes);
}
