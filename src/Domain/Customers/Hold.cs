namespace ChainCrm.Domain.Customers;

/// <summary>What an open basket keeps back for its customer: nobody else spends it meanwhile (docs/domain/baskets.md).</summary>
/// <param name="Points">Points.</param>
/// <param name="StoredValue">Stored value, principal and gift together: how it is split is decided when it pays.</param>
public readonly record struct Hold(Points Points, Money StoredValue)
{
    /// <summary>Nothing.</summary>
    public static Hold None => default;

    public static Hold operator +(Hold a, Hold b) => new(a.Points + b.Points, a.StoredValue + b.StoredValue);
    public static Hold operator -(Hold a, Hold b) => new(a.Points - b.Points, a.StoredValue - b.StoredValue);
}

/// <summary>An open basket.</summary>
/// <param name="Number">Version of the entry that opened it: unique within the customer, never used again.</param>
/// <param name="Hold">What it holds.</param>
/// <param name="EndsAt">From then on it counts for nothing.</param>
/// <param name="Coupons">Numbers of the coupons it holds; null for none.</param>
public readonly record struct Basket(long Number, Hold Hold, Timestamp EndsAt, IReadOnlyList<int>? Coupons = null)
{
    /// <summary>Its lease has not run out.</summary>
    public bool IsOpen(Timestamp at) => at < EndsAt;

    /// <summary>It holds a coupon.</summary>
    public bool HoldsCoupon(int number)
    {
        for (var i = 0; i < (Coupons?.Count ?? 0); i++)
        {
            if (Coupons![i] == number) return true;
        }

        return false;
    }
}
