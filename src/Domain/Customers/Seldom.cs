namespace ChainCrm.Domain.Customers;

/// <summary>What few customers have anything of: receipts that came back, counters of caps, stored value, coupons, baskets, tags, deliveries. Apart from the state, so that all others cost one empty reference for it.</summary>
internal sealed class Seldom
{
    private RuleCounters _counters;
    private CouponBook _coupons;

    /// <summary>Receipts of which something came back.</summary>
    public ReturnedReceipt[] Returned { get; set; } = [];

    /// <summary>Returns of purchases up to this day are forgotten but for those still remembered; null while none is.</summary>
    public BusinessDay? ForgottenTo { get; set; }

    /// <summary>Money paid in beforehand.</summary>
    public StoredValue StoredValue { get; set; }

    public bool IsStoredValueFrozen { get; set; }

    public bool ArePointsFrozen { get; set; }

    /// <summary>When the tier ends, and when it is looked at before; null for never.</summary>
    public Timestamp? TierUntil { get; set; }
    public Timestamp? TierNoticeAt { get; set; }

    /// <summary>When all points that end by inactivity do; null before the first purchase whose points do.</summary>
    public Timestamp? InactivityEnd { get; set; }

    /// <summary>Newest lot when such an end had passed.</summary>
    public int LapsedLot { get; set; }

    /// <summary>The day with which the tier was last looked at; windows that ended before it carry nothing any more.</summary>
    public BusinessDay TierSince { get; set; }

    /// <summary>First day of the window that was looked at then.</summary>
    public BusinessDay TierLookedFrom { get; set; }

    /// <summary>The tier that the rules left when it was last looked at, though the spend did not reach it; null when the spend did.</summary>
    public TierId? TierByRule { get; set; }

    /// <summary>Days of grace in <see cref="TierUntil"/>; null when nobody knows.</summary>
    public int? TierGraceDays { get; set; }

    /// <summary>Extensions of points that are not over, oldest first.</summary>
    public PointsExtension[] Extensions { get; set; } = [];

    /// <summary>Open baskets, oldest first; null when there is none.</summary>
    public Basket[]? Baskets { get; set; }

    /// <summary>Tags that were put on, at most <see cref="Limits.TagsPerCustomerMax"/>; those that ended stay while there is place, since late sales may ask.</summary>
    public HeldTag[] Tags { get; set; } = [];

    /// <summary>Open deliveries, oldest first; null when there is none. And the number of the newest there was.</summary>
    public DeliverySent[]? Deliveries { get; set; }
    public int LastDelivery { get; set; }

    /// <summary>There is nothing of anything.</summary>
    public bool IsEmpty =>
        Returned.Length == 0 && ForgottenTo is null && StoredValue == default && !IsStoredValueFrozen && Baskets is null && _counters.All.IsEmpty && _coupons.Last == 0
        && TierUntil is null && TierSince == default && InactivityEnd is null && !ArePointsFrozen && Counts is null && TierByRule is null && TierGraceDays is null && Extensions.Length == 0 && Tags.Length == 0 && LastDelivery == 0;

    /// <summary>Points and visits; null where no tier ever asked for them.</summary>
    public TierCounts? Counts { get; set; }

    /// <summary>What rules with caps have given.</summary>
    public ref RuleCounters Counters => ref _counters;

    /// <summary>Coupons in the customer's hand.</summary>
    public ref CouponBook Coupons => ref _coupons;

    /// <summary>Remembers in which entry a receipt was last returned.</summary>
    public void Remember(ReturnedReceipt returned)
    {
        var oldest = 0;
        for (var i = 0; i < Returned.Length; i++)
        {
            if (Returned[i].Store == returned.Store && Returned[i].Receipt == returned.Receipt)
            {
                Returned[i] = returned;
                return;
            }

            if (Returned[i].Day < Returned[oldest].Day) oldest = i;
        }

        if (Returned.Length < Limits.ReturnedReceiptsMax)
        {
            Returned = [.. Returned, returned];
            return;
        }

        // Something must go: the oldest purchase, and with it the right to return from purchases that old, so that nothing comes back twice.
        var goes = returned.Day < Returned[oldest].Day ? returned : Returned[oldest];
        if (goes != returned) Returned[oldest] = returned;
        if (ForgottenTo is not { } day || goes.Day > day) ForgottenTo = goes.Day;
    }
}
