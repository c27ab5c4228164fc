using ChainCrm.Client.Wire;

namespace ChainCrm.Client.Load;

/// <summary>
/// Which coupons each customer of a load has: the programme brings them all with the enrolment, or as many with each purchase as each purchase uses, so that their numbers follow one another.
/// </summary>
internal sealed class CustomerCoupons
{
    private readonly int[] _next;
    private readonly int _perPurchase;

    internal CustomerCoupons(int[] next, int perPurchase) => (_next, _perPurchase) = (next, perPurchase);

    /// <summary>Reads from the member cards what there is.</summary>
    /// <exception cref="ChainCrmException">A customer has fewer than one purchase uses.</exception>
    public static async Task<CustomerCoupons> ReadAsync(ChainCrmClient client, LoadShape shape, CancellationToken cancellation)
    {
        var next = new int[shape.Customers];
        await Parallel.ForAsync(0, next.Length, new ParallelOptions { MaxDegreeOfParallelism = ClientLimits.LoadReadersMax, CancellationToken = cancellation }, async (customer, stop) =>
        {
            var card = await client.IdentifyAsync(new CustomerKey { Card = LoadShape.Card(customer) }, stop);
            if (card.Coupons.Count < shape.Coupons)
                throw new ChainCrmException($"A customer has {card.Coupons.Count} coupons of {shape.Coupons}: the programme must bring them with the enrolment, or as many with each purchase.");
            next[customer] = card.Coupons.Min(static coupon => coupon.Coupon);
        });
        return new CustomerCoupons(next, shape.Coupons);
    }

    /// <summary>Number of the first of the coupons that a customer's next purchase uses; the others follow it.</summary>
    public int Take(int customer) => Interlocked.Add(ref _next[customer], _perPurchase) - _perPurchase;
}
