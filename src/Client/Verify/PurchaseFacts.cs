namespace ChainCrm.Client.Verify;

/// <summary>Sums of one purchase, kept to check its returns.</summary>
/// <param name="Receipt">Hash of store and receipt.</param>
/// <param name="AmountMinor">What was paid for the goods.</param>
/// <param name="Earned">Points it earned.</param>
/// <param name="PaidWithPoints">Points it was paid with.</param>
/// <param name="Grants">What earning rules gave; null when none did.</param>
internal readonly record struct PurchaseFacts(ulong Receipt, long AmountMinor, long Earned, long PaidWithPoints, IReadOnlyList<GrantFacts>? Grants);

/// <summary>What an earning rule gave for a purchase.</summary>
/// <param name="Rule">Its id.</param>
/// <param name="Points">How many points.</param>
/// <param name="IsCounted">They count towards a cap, so that it is told when they come back.</param>
internal readonly record struct GrantFacts(string Rule, long Points, bool IsCounted);

/// <summary>The latest purchases of one customer, at most <see cref="ClientLimits.VerifyPurchasesKept"/>.</summary>
internal sealed class PurchaseShelf
{
    private PurchaseFacts[] _facts = [];
    private int _count;

    public void Add(PurchaseFacts facts)
    {
        if (_count == _facts.Length && _facts.Length < ClientLimits.VerifyPurchasesKept)
            Array.Resize(ref _facts, Math.Min(ClientLimits.VerifyPurchasesKept, Math.Max(4, _facts.Length * 2)));
        _facts[_count++ % _facts.Length] = facts;
        // The shelf is a ring: the counter only says where the next goes, so it starts again long before it could overflow.
        if (_count == 2 * ClientLimits.VerifyPurchasesKept) _count = ClientLimits.VerifyPurchasesKept;
    }

    public PurchaseFacts? Find(ulong receipt)
    {
        for (var i = 0; i < Math.Min(_count, _facts.Length); i++)
            if (_facts[i].Receipt == receipt)
                return _facts[i];
        return null;
    }
}
