using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Grains;
using ChainCrm.TestKit;

namespace ChainCrm.Simulation;

/// <summary>Tills with baskets: they open some, and change, pay and cancel those they were told of, also when these are long over; some nobody thinks of again.</summary>
internal sealed class Baskets(Chance chance, Swarm swarm, SimClock clock, Coupons coupons)
{
    private readonly List<(GrainId Customer, long Number)> _known = [];

    /// <summary>Somebody was told of an entry: when it opened a basket, tills know it from now on.</summary>
    public void Told(CommittedEntry entry)
    {
        foreach (var happened in entry.Events)
        {
            // Of what is over some tills know only later, and ask for it again.
            if (happened is BasketCancelled over && !chance.OneIn(3))
                _known.Remove((entry.Grain, over.Basket));
            if (happened is not BasketOpened opened)
                continue;
            if (_known.Count == SimulationLimits.BasketsKnown)
                _known.RemoveAt(0);
            _known.Add((entry.Grain, opened.Basket));
        }
    }

    /// <summary>A basket that a sale may pay; null while nobody knows of one.</summary>
    public (GrainId Customer, long Number)? ToPay() => _known.Count == 0 ? null : Any();

    /// <summary>A command of a basket.</summary>
    public (GrainId Customer, CustomerCommand Command) Next(GrainId anyCustomer)
    {
        var at = new Timestamp(clock.NowMs);
        var dice = chance.Next(10);
        if (dice < 5 || _known.Count == 0)
        {
            var shown = Coupons(anyCustomer);
            return (anyCustomer, new OpenBasket { At = at, Origin = Shop.Till, Hold = shown.Length > 0 && chance.OneIn(3) ? ChainCrm.Domain.Customers.Hold.None : Hold(), Coupons = shown });
        }

        var (customer, number) = Any();
        return dice < 7
            ? (customer, new ChangeBasket { At = at, Origin = Shop.Till, Basket = number, Hold = Hold(), Coupons = Coupons(customer) })
            : (customer, new CancelBasket { At = at, Origin = Shop.Till, Basket = number });
    }

    // Mostly one of the newest.
    private (GrainId Customer, long Number) Any()
    {
        var (customer, number) = chance.OneIn(3) ? chance.Of(_known) : _known[Math.Max(0, _known.Count - 1 - chance.Next(4))];
        return (customer, chance.OneIn(40) ? number + 1 : number);
    }

    // One or two: a basket with one that is not there is refused whole.
    private int[] Coupons(GrainId customer) => chance.OneIn(2) ? [.. coupons.Shown(customer).Take(2)] : [];

    private Hold Hold()
    {
        var card = swarm.StoredValue && chance.OneIn(2);
        return new Hold(new Points(card && chance.OneIn(3) ? 0 : chance.Next(1, 60)), new Money(card ? chance.Next(1, 60_00) : 0));
    }
}
