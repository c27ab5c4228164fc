using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Stores;
using ChainCrm.Grains;
using ChainCrm.Grains.Runtime;
using ChainCrm.TestKit;
using ChainCrm.TestKit.Domain;

namespace ChainCrm.Simulation;

/// <summary>Random commands of a small chain: few grains, so that they meet each other all the time.</summary>
internal sealed class Workload
{
    /// <summary>Local time of every store less UTC.</summary>
    public const int OffsetMinutes = 480;
    private const long DayMs = 86_400_000;
    private readonly Chance _chance;
    private readonly Swarm _swarm;
    private readonly SimClock _clock;
    private readonly People _people;
    private readonly Programmes _programmes;
    private readonly Baskets _baskets;
    private readonly Coupons _coupons;
    private readonly List<GrainId> _customers;
    private readonly int _first;
    private readonly GrainId[] _stores;
    private readonly string[] _storeIds;
    private readonly List<(int Customer, string Store, string Receipt, int Lines)> _sold = [];
    private int _number;

    public Workload(Chance chance, Swarm swarm, SimClock clock)
    {
        (_chance, _swarm, _clock) = (chance, swarm, clock);
        _people = new People(chance, swarm, clock);
        _coupons = new Coupons(chance, swarm, clock);
        _programmes = new Programmes(chance, swarm, clock, _coupons);
        _baskets = new Baskets(chance, swarm, clock, _coupons);
        _customers = [.. Enumerable.Range(1, swarm.Customers).Select(i => Shop.Customer($"c{i}"))];
        _first = _customers.Count;
        _storeIds = [.. Enumerable.Range(1, swarm.Stores).Select(i => $"S{i}")];
        _stores = [.. _storeIds.Select(Shop.Store)];
    }

    public GrainId AnyCustomer() => _customers[WhichCustomer()];

    private Timestamp Now => new(_clock.NowMs);

    /// <summary>What a chain begins with.</summary>
    public IEnumerable<Request> Opening()
    {
        foreach (var customer in _customers)
            yield return new Request(Shop.Of(customer, "enrol", Shop.Enrol(Now)));
        for (var i = 0; i < _stores.Length; i++)
            yield return new Request(Shop.Of(_stores[i], "open", Shop.Open(_storeIds[i]) with { At = Now }));
        // The first programme ends points after a month, to the millisecond: with the built-in one nothing would ever be due, no rule would give anything, nobody could top up.
        if (_swarm.SoonExpiring || _swarm.EarningRules || _swarm.StoredValue || _swarm.Baskets || _swarm.Coupons || _swarm.TiersEnd || _swarm.Tags || _swarm.Transfers || _swarm.Referrals)
            yield return _programmes.Next($"programme-{++_number}");
    }

    /// <summary>One more request with an id of its own.</summary>
    public Request Next()
    {
        var dice = _chance.Next(100);
        return dice switch
        {
            < 20 when _swarm.Returns => Sale(Return()),
            >= 20 and < 23 when _swarm.Transfers => Transfer(),
            >= 20 and < 24 when _swarm.Redemptions => Points(new RedeemPoints { At = Now, Origin = Shop.Till, Points = new Points(_chance.Next(1, 60)), Reason = "gift" }),
            24 when _swarm.Adjustments => Points(Extension()),
            25 when _swarm.Adjustments => Points(_chance.OneIn(3)
                ? new FreezePoints { At = Now, Origin = Shop.Till, Reason = "dispute" } : new ReleasePoints { At = Now, Origin = Shop.Till, Reason = "settled" }),
            >= 26 and < 32 when _swarm.Adjustments => Points(new AdjustPoints
            {
                At = Now, Origin = Shop.Office, Points = new Points(_chance.OneIn(2) ? _chance.Next(1, 90) : -_chance.Next(1, 90)), Reason = "goodwill", UtcOffsetMinutes = OffsetMinutes,
            }),
            >= 32 and < 35 when _swarm.DirectWakes => new Request(Shop.Of(AnyCustomer(), Id("wake"), new WakeGrain(Now))),
            >= 35 and < 40 when _swarm.WalkIns => WalkIn(),
            >= 40 and < 45 when _swarm.Enrolments => _people.Enrolment(++_number),
            >= 45 and < 51 when _swarm.ProfileChanges => _people.Change(++_number),
            51 when _swarm.ProgrammeChanges && _chance.OneIn(2) => _programmes.Next(Id("programme")),
            52 when _swarm.StoreChanges => StoreChange(),
            >= 53 and < 66 when _swarm.StoredValue => StoredValue(),
            >= 66 and < 78 when _swarm.Baskets => Basket(),
            >= 78 and < 84 when _swarm.Coupons => Coupon(),
            >= 84 and < 88 when _swarm.Tags => new Request(Shop.Of(AnyCustomer(), Id("tag"), Tag(), _chance.Fingerprint())),
            >= 90 when _swarm.Referrals => Friend(),
            _ => Sale(Purchase()),
        };
    }

    /// <summary>A process is asked again with the time of now, as the server stamps it; a command is the same to the last byte.</summary>
    public Request Again(Request request) => request.Order is { } order ? request with { Order = order with { At = Now } } : request with { };

    /// <summary>Tills with baskets.</summary>
    public Baskets Baskets => _baskets;

    /// <summary>Tills that are shown coupons.</summary>
    public Coupons Coupons => _coupons;

    /// <summary>The versions that are known to run.</summary>
    public Programmes Rules => _programmes;

    private string Id(string what) => $"{what}-{++_number}";

    private int WhichCustomer() => _swarm.HotCustomer && !_chance.OneIn(3) ? 0 : _chance.Next(_swarm.Referrals && _chance.OneIn(8) ? _customers.Count : _first);

    private Request Points(CustomerCommand command) => new(Shop.Of(AnyCustomer(), Id("points"), command, _chance.Fingerprint()));

    /// <summary>All points, or those that end soon, to some day of the next weeks.</summary>
    private ExtendPoints Extension()
    {
        var last = DayOf(Now).Number + _chance.Next(0, 70);
        return new ExtendPoints
        {
            At = Now, Origin = Shop.Office, LastDay = new BusinessDay(last), EndingBefore = _chance.OneIn(2) ? null : new BusinessDay(last - _chance.Next(0, 40)), Reason = "late parcel", UtcOffsetMinutes = OffsetMinutes,
        };
    }

    /// <summary>A sale or a return; some callers leave to the agenda what it sends.</summary>
    private Request Sale(GrainCommand command) => new(command) { IsCarriedThrough = _swarm.Referrals && !_chance.OneIn(4) };

    /// <summary>Somebody whom a member recommended enrols; or one of them buys, or brings back what they bought.</summary>
    private Request Friend()
    {
        if (_customers.Count < _first + SimulationLimits.FriendsMax && _chance.OneIn(3))
        {
            var friend = Shop.Customer($"f{++_number}");
            // One of them recommends more often than a year allows.
            var referrer = _chance.OneIn(3) ? AnyCustomer() : _customers[0];
            _customers.Add(friend);
            return new Request(Shop.Of(friend, "enrol", Shop.Enrol(Now) with { ReferredBy = new CustomerId(referrer.Key), UtcOffsetMinutes = OffsetMinutes }));
        }

        var which = _customers.Count == _first ? -1 : _chance.Next(_first, _customers.Count);
        return Sale(_sold.FindLast(sold => sold.Customer == which) is { Receipt: not null } bought && _chance.OneIn(2)
            ? Shop.Of(_customers[which], Id("back"), Shop.Return(bought.Receipt, Now) with { PurchaseStore = new StoreId(bought.Store), BusinessDay = DayOf(Now) })
            : Purchase(which));
    }

    /// <summary>The local day of an instant.</summary>
    public static int DayNumber(long at) => DayOf(new Timestamp(at)).Number;

    /// <summary>Put on for good, until a near day, or taken off.</summary>
    private CustomerCommand Tag()
    {
        var tag = _chance.Of(RandomRules.Tags);
        return _chance.OneIn(4)
            ? new RemoveTag { At = Now, Origin = Shop.Office, Tag = tag }
            : new AddTag { At = Now, Origin = Shop.Office, Tag = tag, LastDay = _chance.OneIn(2) ? null : new BusinessDay(DayOf(Now).Number + _chance.Next(0, 4)), UtcOffsetMinutes = OffsetMinutes };
    }

    /// <summary>Points for another customer, now and then for one who is not there; some callers leave the rest to the agenda.</summary>
    private Request Transfer()
    {
        var (from, to) = (AnyCustomer(), _chance.OneIn(12) ? Shop.Customer("nobody") : _chance.Of(_customers));
        var transfer = new TransferPoints
        {
            At = Now, Origin = Shop.Till, From = new CustomerId(from.Key), To = new CustomerId(to.Key), Points = new Points(_chance.Next(1, 60)), Reason = "birthday", UtcOffsetMinutes = OffsetMinutes,
        };
        return new Request(Shop.Of(from, Id("transfer"), transfer, _chance.Fingerprint())) { IsCarriedThrough = !_chance.OneIn(4) };
    }

    private Request StoredValue()
    {
        CustomerCommand command = _chance.Next(12) switch
        {
            < 7 => new TopUpStoredValue { At = Now, Origin = Shop.Till, Amount = new Money(_chance.Next(1, 120_00)) },
            < 10 => new RefundStoredValue { At = Now, Origin = Shop.Till, Amount = new Money(_chance.Next(1, 60_00)), Reason = "moved away" },
            10 => new FreezeStoredValue { At = Now, Origin = Shop.Till, Reason = "lost" },
            _ => new ReleaseStoredValue { At = Now, Origin = Shop.Till, Reason = "found" },
        };
        return new Request(Shop.Of(AnyCustomer(), Id("card"), command, _chance.Fingerprint()));
    }

    private Request Coupon()
    {
        var customer = AnyCustomer();
        return new Request(Shop.Of(customer, Id("coupon"), _coupons.Next(customer), _chance.Fingerprint()));
    }

    private Request Basket()
    {
        if (_chance.OneIn(3) && _baskets.ToPay() is { } basket)
            return new Request(Purchase(_customers.IndexOf(basket.Customer), basket.Number));
        var (customer, command) = _baskets.Next(AnyCustomer());
        return new Request(Shop.Of(customer, Id("basket"), command, _chance.Fingerprint()));
    }

    private Request WalkIn()
    {
        var sale = Shop.WalkIn($"W{++_number}", _chance.Next(1, 9_000), Now) with { BusinessDay = DayOf(Now) };
        return new Request(Shop.Of(_chance.Of(_stores), $"walk-{_number}", sale));
    }

    private Request StoreChange()
    {
        StoreCommand command = _chance.Next(3) switch
        {
            0 => new CloseStore { At = Now, Origin = Shop.Office },
            _ => new ReopenStore { At = Now, Origin = Shop.Office },
        };
        return new Request(Shop.Of(_chance.Of(_stores), Id("store"), command));
    }

    private GrainCommand Purchase(int whose = -1, long basket = 0)
    {
        var (customer, store) = (whose < 0 ? WhichCustomer() : whose, _chance.Of(_storeIds));
        var receipt = $"R{++_number}";
        var amounts = new long[_chance.Next(1, 5)];
        for (var i = 0; i < amounts.Length; i++)
            amounts[i] = _chance.OneIn(10) ? 0 : _chance.Next(1, 40_00);
        var occurred = Occurred();
        var sale = Shop.Purchase(receipt, Now, amounts) with
        {
            Store = new StoreId(store),
            OccurredAt = occurred,
            BusinessDay = DayOf(occurred),
            UtcOffsetMinutes = OffsetMinutes,
            UsePoints = new Points((_swarm.PayWithPoints && _chance.OneIn(5)) || basket != 0 ? _chance.Next(1, 30) : 0),
            Basket = basket,
        };
        if (_swarm.StoredValue && _chance.OneIn(3) && amounts.Sum() is var whole and > 0)
        {
            sale = sale with { UseStoredValue = new Money(_chance.OneIn(2) ? whole : _chance.NextLong(whole)) };
            // What was paid from the card comes back more often than what was paid in money.
            _sold.AddRange(Enumerable.Repeat((customer, store, receipt, amounts.Length), 3));
        }

        if (_swarm.EarningRules)
            sale = RandomRules.FactsOf(_chance.Next(1_000))(sale) with { Lines = [.. sale.Lines.Select(Sorted)] };
        if (!_chance.OneIn(3) && _coupons.Shown(_customers[customer]) is { Length: > 0 } shown)
        {
            sale = sale with { Coupons = shown, SkipCoupons = !_chance.OneIn(4) };
            // What was bought with coupons comes back more often than the rest.
            _sold.AddRange(Enumerable.Repeat((customer, store, receipt, amounts.Length), 7));
        }

        if (_swarm.Prices)
            sale = sale with { MemberPrices = !_chance.OneIn(4), SoldAlready = _chance.OneIn(2), Lines = _swarm.EarningRules ? sale.Lines : [.. sale.Lines.Select(Sorted)] };
        _sold.Add((customer, store, receipt, amounts.Length));
        return Shop.Of(_customers[customer], $"{store}/{receipt}", sale, _chance.Fingerprint());
    }

    /// <summary>A line of some category, one piece or several.</summary>
    private PurchaseLine Sorted(PurchaseLine line) => line with
    {
        Category = _chance.OneIn(4) ? null : _chance.Of(RandomRules.Categories),
        Brand = _chance.OneIn(3) ? _chance.Of(RandomRules.Brands) : null,
        Quantity = new Quantity(_chance.OneIn(3) ? 3_000 : line.Quantity.Milli),
    };

    /// <summary>
    /// Now; or days ago, so that lots of different ages stand side by side; or just so long ago that a month after it is over in a moment.
    /// </summary>
    private Timestamp Occurred()
    {
        if (_swarm.LateSales && _chance.OneIn(6))
            return new Timestamp(_clock.NowMs - _chance.NextLong(300 * DayMs));
        if (!_swarm.SoonExpiring || !_chance.OneIn(4))
            return Now;
        var end = _clock.NowMs + _chance.NextLong(_chance.OneIn(2) ? 10_000 : 200_000);
        return new Timestamp(DateTimeOffset.FromUnixTimeMilliseconds(end + (OffsetMinutes * 60_000L)).AddMonths(-1).AddMinutes(-OffsetMinutes).ToUnixTimeMilliseconds());
    }

    private GrainCommand Return()
    {
        if (_sold.Count == 0)
            return Purchase();
        var (customer, store, receipt, count) = _sold[_chance.Next(_sold.Count)];
        if (_chance.OneIn(12))
            customer = WhichCustomer();
        ReturnLine[] lines = _chance.OneIn(3) ? [] : [new ReturnLine(_chance.Next(1, count + 1), new Quantity(_chance.OneIn(3) ? 1000 : _chance.Next(1, 1000)))];
        var back = Shop.Return(receipt, Now, lines) with { PurchaseStore = new StoreId(store), BusinessDay = DayOf(Now) };
        return Shop.Of(_customers[customer], Id("back"), back);
    }

    private static BusinessDay DayOf(Timestamp at) => new((int)Math.Floor((at.UnixMs + (OffsetMinutes * 60_000.0)) / DayMs));
}
